using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Data files that no version within the retention needs.</summary>
public sealed class VacuumTests : IDisposable
{
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private readonly ScratchFolder _scratch = new();
    private readonly SetClock _clock = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly DeltaTable _table;

    public VacuumTests() => _table = DeltaTable.At(_scratch["t"], _clock);

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void File_goes_a_week_after_it_was_replaced(bool checkpoint)
    {
        _table.Append((1, "a b"), (2, null));
        AgeData();
        _clock.Now += TimeSpan.FromDays(30);
        _table.Overwrite(3);
        AgeData();
        if (checkpoint)
        {
            _table.WriteCheckpoint();
            Array.ForEach(Directory.GetFiles(Path.Combine(_table.Folder, "_delta_log"), "*.json"), File.Delete);
        }

        _clock.Now += TimeSpan.FromDays(6);
        Assert.Equal([], _table.Vacuum(Week));
        _clock.Now += TimeSpan.FromDays(2);
        Assert.Equal(2, _table.Vacuum(Week, dryRun: true).Count);
        Assert.Equal(3, Data().Length);
        Assert.Equal(2, _table.Vacuum(Week).Count);
        Assert.Single(Data());
        Assert.Equal(["3 | \"a\""], Rows.Of(_table.LatestSnapshot()!));
        Assert.Equal([], _table.Vacuum(Week));
    }

    [Fact]
    public void File_of_no_commit_goes_once_it_is_old()
    {
        _table.Append((1, "a"));
        string lost = _scratch["t/part=a/part-00000-lost.parquet"];
        File.WriteAllText(lost, "x");
        File.SetLastWriteTimeUtc(lost, _clock.Now.UtcDateTime.AddDays(-6));
        AgeDataBut(lost);
        Assert.Equal([], _table.Vacuum(Week));
        File.SetLastWriteTimeUtc(lost, _clock.Now.UtcDateTime.AddDays(-8));
        Assert.Equal([lost], _table.Vacuum(Week).Select(f => f.Path));
        Assert.Single(Rows.Of(_table.LatestSnapshot()!));
    }

    [Fact]
    public void Unfinished_commit_goes_once_it_is_old_and_no_other_file_of_the_log()
    {
        _table.Append((1, "a"));
        string lost = _scratch[$"t/_delta_log/{LogPath.NewTemporary()}"];
        string other = _scratch["t/_delta_log/_commit_of_mine"];
        foreach (string path in new[] { lost, other })
        {
            File.WriteAllText(path, "x");
            File.SetLastWriteTimeUtc(path, _clock.Now.UtcDateTime.AddDays(-6));
        }

        Assert.Equal([], _table.Vacuum(Week));
        _clock.Now += TimeSpan.FromDays(2);
        Assert.Equal([lost], _table.Vacuum(Week, dryRun: true).Select(f => f.Path));
        Assert.True(File.Exists(lost));
        Assert.Equal([lost], _table.Vacuum(Week).Select(f => f.Path));
        Assert.True(!File.Exists(lost) && File.Exists(other));
        Assert.Single(Rows.Of(_table.LatestSnapshot()!));
    }

    [Fact]
    public void Hidden_names_and_links_stay_and_what_links_lead_to()
    {
        _table.Append((1, "a"));
        string outside = _scratch["mine.parquet"];
        foreach (string path in new[] { outside, _scratch["t/_mine.parquet"], _scratch["t/.mine"], _scratch["t/_folder/a.parquet"] })
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "x");
            File.SetLastWriteTimeUtc(path, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        }

        Directory.CreateDirectory(_scratch["away"]);
        File.WriteAllText(_scratch["away/b.parquet"], "x");
        File.SetLastWriteTimeUtc(_scratch["away/b.parquet"], new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        File.CreateSymbolicLink(_scratch["t/link.parquet"], outside);
        Directory.CreateSymbolicLink(_scratch["t/part=b"], _scratch["away"]);
        Assert.Equal([], _table.Vacuum(Week));
        Assert.True(File.Exists(_scratch["away/b.parquet"]) && File.Exists(outside));
    }

    [Fact]
    public void Partition_whose_column_is_hidden_is_vacuumed()
    {
        TableShape shape = Tables.Shape(["_part"], ("id", Apache.Arrow.Types.Int64Type.Default, false), ("_part", Apache.Arrow.Types.StringType.Default, true));
        Transaction create = _table.Begin(null, shape);
        create.Add(create.Write(Tables.Batch(("id", Tables.Longs(1)), ("_part", Tables.Texts("a")))));
        create.Commit("WRITE");
        string lost = _scratch["t/_part=a/part-00000-lost.parquet"];
        File.WriteAllText(lost, "x");
        File.SetLastWriteTimeUtc(lost, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.Equal([lost], _table.Vacuum(Week).Select(f => f.Path));
    }

    [Fact]
    public void Clock_that_was_set_back_removes_nothing()
    {
        _table.Append((1, "a"));
        _table.Overwrite(2);
        AgeData();
        _clock.Now -= TimeSpan.FromDays(5000);
        Assert.Equal([], _table.Vacuum(Week));
    }

    private string[] Data() => Directory.GetFiles(_table.Folder, "*.parquet", SearchOption.AllDirectories).Where(f => !f.Contains("_delta_log", StringComparison.Ordinal)).ToArray();

    private void AgeData() => AgeDataBut("");

    private void AgeDataBut(string path) => Array.ForEach(
        Data(), f => File.SetLastWriteTimeUtc(f, f == path ? File.GetLastWriteTimeUtc(f) : _clock.Now.UtcDateTime));
}
