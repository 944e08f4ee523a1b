using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries.Verify;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Maintain;
using OneRec.Pipeline.Steps.Publish;
using OneRec.Pipeline.Steps.Train;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>What maintenance removes and what it keeps.</summary>
public sealed class MaintainTests : IDisposable
{
    private const string AllIds = "SELECT codebook_id, item_id, sid, slot FROM semantic_ids ORDER BY codebook_id, item_id";

    private readonly QuantizationDesk _desk = new(new TrainOptions { Levels = 2, Codes = [3], Epochs = 2 });
    private readonly TestItem[] _items = TestItem.Many(90, 3, 6, 6);

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Nights_leave_small_files_that_become_one_and_no_row_changes()
    {
        _desk.Embed(_items[..60]);
        _desk.Run("train", "assign", "publish");
        for (int night = 0; night < 3; night++)
        {
            _desk.Embed(_items[(60 + (10 * night))..(70 + (10 * night))], append: true);
            _desk.Run("assign");
        }

        List<object?[]> before = _desk.Query("semantic_ids", AllIds);
        Assert.Equal(4, Files("semantic_ids"));
        StepSummary done = Maintain();
        Assert.Equal(1, Files("semantic_ids", live: true));
        Assert.Equal(before.Select(Line), _desk.Query("semantic_ids", AllIds).Select(Line));
        Assert.Contains(_desk.ToldLines, l => l == "maintain: semantic_ids: 4 small files merged into 1");
        Assert.Equal(Fact.Of("files removed", 0), done.Facts.Single(f => f.Name == "files removed"));

        // Merged files go once no reader can need them.
        Assert.Equal(5, Files("semantic_ids"));
        Set(new RetentionSection { Days = 0, LogDays = 0 });
        Maintain();
        Assert.Equal(1, Files("semantic_ids"));
        Assert.Equal(before.Select(Line), _desk.Query("semantic_ids", AllIds).Select(Line));

        // Steps are as up to date as before.
        Assert.True(_desk.Run("assign").Steps[0].UpToDate);
        Assert.Equal(0, Maintain().Facts.Single(f => f.Name == "files merged").Json!.GetValue<long>());
    }

    [Fact]
    public void Dry_run_changes_nothing_and_tells_what_would_go()
    {
        Publish(4);
        long[] versions = Versions();
        int files = Files("semantic_ids");
        Maintain(new MaintainOptions { DryRun = true });
        Assert.Equal(versions, Versions());
        Assert.Equal(files, Files("semantic_ids"));
        Assert.Equal(2, _desk.ToldLines.Count(l => l.EndsWith(" would be removed, with its IDs", StringComparison.Ordinal)));
    }

    [Fact]
    public void Codebooks_before_the_last_two_go_with_their_ids_and_rollback_still_works()
    {
        string[] published = Publish(4);
        Maintain();
        Assert.Equal(published[2..].Order(), Codebooks("codebooks"));
        Assert.Equal(published[2..].Order(), Codebooks("semantic_ids"));
        Assert.Empty(Problems());
        _desk.Options = _desk.Options with { Sections = [new PublishOptions { Rollback = true }], Run = new RunSection { Id = "back" } };
        _desk.Run("publish");
        Assert.Equal(published[2], (string)_desk.Query("published", "SELECT codebook_id FROM published ORDER BY generation DESC LIMIT 1")[0][0]!);
    }

    [Fact]
    public void Newest_codebook_stays_although_it_is_not_published()
    {
        string[] published = Publish(3);
        Retrain(99);
        string newest = Codebooks("codebooks").Except(published).Single();
        Maintain();
        Assert.Equal(new[] { newest, published[1], published[2] }.Order(), Codebooks("semantic_ids"));
    }

    [Fact]
    public void Embeddings_of_a_model_that_no_codebook_uses_go()
    {
        Publish(1);
        _desk.Embed(_items, model: "m2");
        for (int seed = 20; seed < 22; seed++)
        {
            Retrain(seed);
            _desk.Run("publish");
        }

        Assert.Equal(["m1", "m2"], Models());
        Maintain();
        Assert.Equal(["m2"], Models());
        Assert.Empty(Problems());
    }

    [Fact]
    public void Where_nothing_is_published_no_codebook_goes()
    {
        _desk.Embed(_items);
        for (int seed = 5; seed < 9; seed++)
        {
            Retrain(seed);
        }

        Maintain();
        Assert.Equal(4, Codebooks("codebooks").Length);
    }

    private static string Line(object?[] row) => string.Join('|', row);

    // Publishes codebooks of different seeds; gives their ids in order.
    private string[] Publish(int count)
    {
        _desk.Embed(_items);
        for (int i = 0; i < count; i++)
        {
            Retrain(5 + i);
            _desk.Run("publish");
        }

        return [.. _desk.Query("published", "SELECT codebook_id FROM published ORDER BY generation").Select(row => (string)row[0]!)];
    }

    private void Retrain(long seed)
    {
        _desk.Options = _desk.Options with { Seed = seed, Run = new RunSection { Retrain = true } };
        _desk.Run("train", "assign");
        _desk.Options = _desk.Options with { Run = new RunSection() };
    }

    private StepSummary Maintain(MaintainOptions? options = null)
    {
        _desk.Options = _desk.Options with { Sections = [options ?? new MaintainOptions()] };
        return _desk.Run("maintain").Steps[0];
    }

    private void Set(RetentionSection retention) => _desk.Options = _desk.Options with { Retention = retention };

    private string[] Codebooks(string table) =>
        [.. _desk.Query(table, $"SELECT DISTINCT codebook_id FROM {table} ORDER BY codebook_id").Select(row => (string)row[0]!)];

    private string[] Models() =>
        [.. _desk.Query("item_embeddings", "SELECT DISTINCT model_id FROM item_embeddings ORDER BY model_id").Select(row => (string)row[0]!)];

    private long[] Versions() => [.. new[] { "items", "item_embeddings", "codebooks", "semantic_ids", "published", "runs" }.Select(_desk.Version)];

    private int Files(string table, bool live = false) => live
        ? Delta.DeltaTable.At(Path.Combine(_desk.Options.Tables, table)).LatestSnapshot()!.Files.Count
        : Directory.GetFiles(Path.Combine(_desk.Options.Tables, table), "*.parquet", SearchOption.AllDirectories)
            .Count(f => !f.Contains("_delta_log", StringComparison.Ordinal));

    private string[] Problems() =>
    [
        .. _desk.With(engine => VerifyQuery.Run(
            engine, _desk.Options, ["items", "item_embeddings", "codebooks", "semantic_ids", "published", "runs"], true, _desk, CancellationToken.None))
            .SelectMany(f => f.Problems),
    ];
}
