using CsCheck;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Random changes by our transactions against a list of rows, read back by <see cref="LogOracle"/> and by us.</summary>
public sealed class TransactionModelTests
{
    private enum Change
    {
        Append,
        AppendAfter,
        OverwritePartition,
        OverwriteAll,
        RemoveOneFile,
        NothingButMetadata,
    }

    private static readonly string?[] Parts = ["a", "b/%ü", null];

    [Fact]
    public void Every_version_holds_exactly_the_rows_of_its_changes() =>
        Gen.Select(Gen.Enum<Change>(), Gen.Int[0, 2], Gen.Int[0, 4]).Array[1, 7].Sample(
            changes =>
            {
                using var scratch = new ScratchFolder();
                DeltaTable table = DeltaTable.At(scratch["t"]);
                table.Begin(null, Tables.IdsByPart).Commit("CREATE TABLE");
                var rows = new List<(long Id, string? Part)>();
                var versions = new List<(long, string?)[]> { rows.ToArray() };
                long id = 0;
                foreach ((Change change, int part, int count) in changes)
                {
                    Snapshot read = table.LatestSnapshot()!;
                    Transaction transaction = table.Begin(read);
                    (long, string?)[] added = change is Change.RemoveOneFile or Change.NothingButMetadata
                        ? []
                        : [.. Enumerable.Range(0, count).Select(i => (id++, Parts[(part + (i / 2)) % 3]))];
                    if (change == Change.OverwritePartition)
                    {
                        transaction.Remove(read.FilesWhere(("part", Parts[part])));
                        rows.RemoveAll(r => r.Part == Parts[part]);
                    }
                    else if (change == Change.OverwriteAll)
                    {
                        transaction.Remove(read.Files);
                        rows.Clear();
                    }
                    else if (change == Change.RemoveOneFile && read.Files.Count > 0)
                    {
                        AddFile gone = read.Files[part % read.Files.Count];
                        transaction.Remove(gone);
                        long[] ids = [.. Rows.Of(read.Scan(["id"], [gone])).Select(long.Parse)];
                        rows.RemoveAll(r => ids.Contains(r.Id));
                    }

                    if (added.Length > 0)
                    {
                        transaction.Add(transaction.Write(Tables.Batch(
                            ("id", Tables.Longs(added.Select(r => r.Item1))), ("part", Tables.Texts(added.Select(r => r.Item2))))));
                        rows.AddRange(added);
                    }

                    CommitResult result = transaction.Commit(
                        "WRITE", onConflict: change == Change.AppendAfter ? OnConflict.AppendAfter : OnConflict.Fail);
                    Assert.Equal(new CommitResult.Committed(versions.Count), result);
                    versions.Add([.. rows]);
                }

                for (int version = 0; version < versions.Count; version++)
                {
                    Assert.Equal(versions[version].Order(), LogOracle.Rows(table.Folder, version));
                    Snapshot snapshot = table.SnapshotAt(version);
                    Assert.Equal(versions[version].Length, snapshot.Rows);
                    Assert.Equal(
                        versions[version].Select(r => r.Item1).Order(), Rows.Of(snapshot, ["id"]).Select(long.Parse).Order());
                }
            },
            iter: 40);
}
