using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>In what order a commit reaches the disk, and what a power cut at any point of it leaves.</summary>
public sealed class DurabilityTests
{
    [Fact]
    public void Data_is_durable_before_the_commit_is_and_the_commit_before_it_has_a_name()
    {
        using var scratch = new ScratchFolder();
        var disk = new PowerCut(scratch.Path, int.MaxValue, true);
        Create(Table(scratch, disk));
        Assert.Equal(
            [
                "create folder t",
                "sync file t/part=a/FILE", "sync file t/part=b/FILE",
                "sync folder t", "sync folder t/part=a", "sync folder t/part=b",
                "create folder t/_delta_log",
                "write _delta_log/TMP",
                "link t/_delta_log/00000000000000000000.json",
                "sync folder t/_delta_log",
                "delete _delta_log/TMP",
            ],
            disk.Acts);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Power_cut_at_any_act_leaves_the_version_before_or_the_whole_new_one(bool acts, bool keepNames)
    {
        int[] outcomes = new int[2];
        for (int at = 1; ; at++)
        {
            using var scratch = new ScratchFolder();
            Create(Table(scratch, DurableFiles.Instance));
            var disk = new PowerCut(scratch.Path, at, acts);
            CommitResult? result = null;
            try
            {
                result = Replace(Table(scratch, disk));
            }
            catch (PowerLostException)
            {
                disk.ComeBack(keepNames);
            }

            DeltaTable table = Table(scratch, DurableFiles.Instance);
            long version = table.LatestVersion()!.Value;
            outcomes[version]++;
            Assert.Equal(
                version == 0 ? [(1, "a"), (2, "b")] : [(1, "a"), (3, "b"), (4, "c")],
                LogOracle.Rows(table.Folder, version));
            Assert.Equal(version == 0 ? ["1", "2"] : ["1", "3", "4"], Rows.Of(table.LatestSnapshot()!, ["id"]).Sorted());

            // Once the caller is told, or the log's folder is synced, no cut takes the commit back.
            if (result is not null || disk.Acts.Any(a => a.StartsWith("delete", StringComparison.Ordinal)))
            {
                Assert.Equal(1, version);
            }

            // What is left behind is in nobody's way.
            Assert.Equal(new CommitResult.Committed(version + 1), table.Append((9, "z")));
            Assert.Contains((9, "z"), LogOracle.Rows(table.Folder, version + 1));
            if (!disk.IsDead)
            {
                Assert.Equal(new CommitResult.Committed(1), result);
                break;
            }
        }

        Assert.True(outcomes[0] >= 6 && outcomes[1] >= 2, $"{outcomes[0]} cuts before, {outcomes[1]} after");
    }

    [Theory]
    [InlineData("write")]
    [InlineData("link")]
    [InlineData("create folder")]
    public void Disk_that_refuses_is_an_engine_error_and_leaves_no_temporary_file(string act)
    {
        using var scratch = new ScratchFolder();
        Create(Table(scratch, DurableFiles.Instance));
        DeltaTable table = Table(scratch, new RefusingDisk(act));
        Transaction change = table.Begin(table.LatestSnapshot()!);
        var e = Assert.Throws<OneRecException>(() => change.Commit("WRITE"));
        Assert.Equal(
            ($"{table.Folder}: cannot write the table (no space left)", "delta.write-failed", ErrorKind.Engine), (e.Message, e.Code, e.Kind));
        Assert.Equal(0, table.LatestVersion());
        Assert.Empty(Directory.GetFiles(scratch["t/_delta_log"], "*.tmp"));
    }

    [Fact]
    public void Commit_that_is_in_is_told_so_though_its_first_name_stays()
    {
        using var scratch = new ScratchFolder();
        Create(Table(scratch, DurableFiles.Instance));
        DeltaTable table = Table(scratch, new RefusingDisk("delete"));
        Assert.Equal(new CommitResult.Committed(1), table.Begin(table.LatestSnapshot()!).Commit("WRITE"));
        Assert.Single(Directory.GetFiles(scratch["t/_delta_log"], "*.tmp"));
        Assert.Equal(1, table.LatestSnapshot()!.Version);
    }

    private static DeltaTable Table(ScratchFolder scratch, IDurableFiles disk) =>
        DeltaTable.At(scratch["t"], TimeProvider.System, disk);

    private static void Create(DeltaTable table) => Assert.Equal(new CommitResult.Committed(0), table.Append((1, "a"), (2, "b")));

    /// <summary>Replaces partition b and adds one: removals, two files, a new folder.</summary>
    private static CommitResult Replace(DeltaTable table)
    {
        Snapshot read = table.LatestSnapshot()!;
        Transaction change = table.Begin(read);
        change.Remove(read.FilesWhere(("part", "b")));

        // Not disposed: a writer that is cut off tidies nothing up.
        DataFileWriter writer = change.OpenWriter();
        writer.Write(Tables.Batch(("id", Tables.Longs(3, 4)), ("part", Tables.Texts("b", "c"))));
        change.Add(writer.Finish());
        return change.Commit("WRITE");
    }
}
