using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Scripts;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tables;
using OneRec.Pipeline.Tests.Steps.Embed;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

public sealed class AppendTests
{
    private const string AllIds =
        "SELECT item_id, sid, slot, error, embedding_hash, run_id, assigned_at, deleted_at FROM semantic_ids ORDER BY item_id";

    private static readonly TrainOptions Small = new() { Levels = 2, Codes = [3], Epochs = 2, Refine = 1 };

    [Fact]
    public void Published_rows_stay_and_new_items_get_the_slots_after_them()
    {
        TestItem[] items = TestItem.Many(120, 3, 6, 6);
        using var desk = new QuantizationDesk(Small);
        desk.Embed(items[..80]);
        desk.Run("train", "assign", "evaluate");
        desk.Publish();
        List<object?[]> before = desk.Query("semantic_ids", AllIds);
        desk.Embed(items[80..], append: true);
        RunSummary run = desk.Run("train", "assign");
        Assert.StartsWith("codebook ", run.Steps[0].LeftOut!);
        Assert.Equal(40, run.Steps[1].Rows);
        Assert.Equal(("items appended", "40"), (run.Steps[1].Facts[^1].Name, run.Steps[1].Facts[^1].Value));

        List<object?[]> after = desk.Query("semantic_ids", AllIds);
        HashSet<long> old = [.. before.Select(row => (long)row[0]!)];
        Assert.Equal(before.Select(Line), after.Where(row => old.Contains((long)row[0]!)).Select(Line));
        foreach (IGrouping<object, object?[]> bucket in after.GroupBy(row => row[1]!))
        {
            long[] first = [.. bucket.Where(row => old.Contains((long)row[0]!)).Select(row => (long)row[0]!).Order()];
            long[] then = [.. bucket.Where(row => !old.Contains((long)row[0]!)).Select(row => (long)row[0]!).Order()];
            Assert.Equal([.. first, .. then], bucket.OrderBy(row => (int)row[2]!).Select(row => (long)row[0]!));
            Assert.Equal(Enumerable.Range(0, bucket.Count()), bucket.Select(row => (int)row[2]!).Order());
        }

        long version = desk.Version("semantic_ids");
        Assert.True(desk.Run("assign").Steps[0].UpToDate);
        Assert.Equal(version, desk.Version("semantic_ids"));
    }

    [Theory]
    [InlineData(1UL)]
    [InlineData(2UL)]
    [InlineData(3UL)]
    public void After_any_order_of_appends_codes_and_slot_are_unique_and_published_rows_are_as_they_were(ulong seed)
    {
        var random = new SplitMix64(seed);
        TestItem[] items = TestItem.Many(120, 3, 6, 40 + seed, texts: seed % 2 == 0);
        using var desk = new QuantizationDesk(Small);
        desk.Options = desk.Options with { Sections = [new AssignOptions { MaxItemsPerId = seed == 3 ? 15 : null }] };
        desk.Embed(items[..60]);
        desk.Run("train", "assign");
        desk.Publish();
        List<TestItem> left = [.. items[60..].OrderBy(_ => random.NextUInt64())];
        string[] published = Lines();
        while (left.Count > 0)
        {
            int some = Math.Min(left.Count, 1 + (int)random.NextBelow(25));
            desk.Embed(left[..some], append: true);
            left.RemoveRange(0, some);
            desk.Run("assign");
            string[] now = Lines();
            Assert.Empty(published.Except(now));
            Assert.Equal(published.Length + some, now.Length);
            published = now;
        }

        List<object?[]> keys = desk.Query("semantic_ids", "SELECT sid, slot, CAST(item_id AS STRING) FROM semantic_ids");
        Assert.Equal(120, keys.Select(k => (k[0], k[1])).Distinct().Count());
        Assert.Equal(120, keys.Select(k => k[2]).Distinct().Count());

        string[] Lines() => [.. desk.Query("semantic_ids", AllIds).Select(Line)];
    }

    [Fact]
    public void A_codebook_takes_only_embeddings_of_its_own_model()
    {
        TestItem[] items = TestItem.Many(60, 3, 6, 7);
        using var desk = new QuantizationDesk(Small);
        desk.Embed(items[..50]);
        desk.Run("train", "assign");
        desk.Publish();
        List<object?[]> before = desk.Query("semantic_ids", AllIds);

        // Another model's vectors have another length, and of ten items there are no others.
        desk.Embed([.. items[50..].Select(i => i with { Vector = [1f, 2f] })], model: "m2", append: true);
        Assert.Equal(0, desk.Run("assign").Steps[0].Rows);
        Assert.Equal(before.Select(Line), desk.Query("semantic_ids", AllIds).Select(Line));
    }

    [Fact]
    public void Nothing_new_commits_nothing_and_is_then_up_to_date()
    {
        TestItem[] items = TestItem.Many(60, 3, 6, 7);
        using var desk = new QuantizationDesk(Small);
        desk.Embed(items);
        desk.Run("train", "assign");
        desk.Publish();
        long version = desk.Version("semantic_ids");
        desk.Embed([new TestItem(999, null, null)], append: true);
        StepSummary assign = desk.Run("assign").Steps[0];
        Assert.Equal((false, 0L), (assign.UpToDate, assign.Rows));
        Assert.True(desk.Run("assign").Steps[0].UpToDate);
        Assert.Equal(version, desk.Version("semantic_ids"));
    }

    [Fact]
    public void Slots_of_deleted_rows_are_never_given_again()
    {
        TestItem[] items = TestItem.Many(60, 3, 2, 8);
        using var desk = new QuantizationDesk(Small with { Codes = [1], Levels = 1 });
        desk.Embed(items[..40]);
        desk.Run("train", "assign");
        desk.Publish();
        desk.With(engine => QuantizationDesk.Committed(engine.Write(
            engine.Sql(
                new SqlScript(
                    "SELECT item_id, codes, sid, first_code, slot, nearest_code, error, embedding_hash, assigned_at, "
                    + "CASE WHEN slot >= 30 THEN assigned_at END AS deleted_at, run_id, codebook_id FROM semantic_ids"),
                ("semantic_ids", engine.ReadTable("semantic_ids"))),
            new TableWrite(
                OneRecTables.SemanticIds(Apache.Arrow.Types.Int64Type.Default), new WriteMode.Overwrite(), new CommitNote("maintain", "r", "f")))));
        desk.Embed(items[40..], append: true);
        desk.Run("assign");

        // Ten deleted items come back and twenty are new: thirty slots after the forty that were given.
        int[] slots = [.. desk.Query("semantic_ids", "SELECT slot FROM semantic_ids WHERE deleted_at IS NULL ORDER BY slot").Select(row => (int)row[0]!)];
        Assert.Equal([.. Enumerable.Range(0, 30), .. Enumerable.Range(40, 30)], slots);
    }

    [Fact]
    public void The_loser_of_a_race_reads_the_winners_slots()
    {
        TestItem[] items = TestItem.Many(50, 3, 2, 9);
        using var desk = new QuantizationDesk(Small with { Codes = [1], Levels = 1 });
        desk.Embed(items[..20]);
        desk.Run("train", "assign");
        desk.Publish();
        desk.Embed(items[20..], append: true);
        desk.Wrap = engine => new RacingEngine(engine, "semantic_ids", Rival);
        StepSummary assign = desk.Run("assign").Steps[0];
        Assert.Equal(30, assign.Rows);
        Assert.Contains("assign: semantic_ids: another process committed first; reading its slots and retrying", desk.ToldLines);
        Assert.Equal(
            Enumerable.Range(0, 51), desk.Query("semantic_ids", "SELECT slot FROM semantic_ids ORDER BY slot").Select(row => (int)row[0]!));
    }

    [Theory]
    [InlineData("codebooks")]
    [InlineData("quality")]
    [InlineData("semantic_ids")]
    public void A_run_killed_before_a_commit_and_run_again_gives_the_same_rows(string table)
    {
        TestItem[] items = TestItem.Many(90, 3, 9, 10);
        using var whole = new QuantizationDesk(Small);
        whole.Embed(items);
        whole.Run("train", "assign", "evaluate");
        using var desk = new QuantizationDesk(Small);
        desk.Embed(items);
        for (int kill = 1; kill <= (table == "quality" ? 2 : 1); kill++)
        {
            int write = kill;
            desk.Wrap = engine => new DyingEngine(engine, table, write);
            Assert.Throws<OperationCanceledException>(() => desk.Run("train", "assign", "evaluate"));
        }

        desk.Wrap = engine => engine;
        desk.Run("train", "assign", "evaluate");
        Assert.Equal(QuantizationTests.TablesOf(whole), QuantizationTests.TablesOf(desk));
    }

    [Fact]
    public void A_run_id_used_again_replaces_its_own_measures()
    {
        using var desk = new QuantizationDesk(Small);
        desk.Options = desk.Options with { Run = new() { Id = "nightly" } };
        desk.Embed(TestItem.Many(90, 3, 9, 11));
        desk.Run("train", "assign", "evaluate");
        desk.Embed(TestItem.Many(95, 3, 9, 12));
        desk.Run("train", "assign", "evaluate");
        List<object?[]> rows = desk.Query("quality", "SELECT metric, level, codebook_id FROM quality WHERE metric LIKE 'evaluate.%'");
        Assert.Equal(rows.Count, rows.Select(row => (row[0], row[1])).Distinct().Count());
        Assert.Single(rows.Select(row => row[2]).Distinct());
    }

    private static string Line(object?[] row) => string.Join('|', row.Select(v => v is DateTimeOffset t ? t.ToString("O") : $"{v}"));

    // Another process gives an item of its own the next slot.
    private static void Rival(IEngine engine) => QuantizationDesk.Committed(engine.Write(
        engine.Sql(
            new SqlScript(
                "SELECT CAST(1000000 AS BIGINT) AS item_id, codes, sid, first_code, CAST(20 AS INT) AS slot, nearest_code, error, "
                + "embedding_hash, assigned_at, deleted_at, run_id, codebook_id FROM semantic_ids WHERE slot = 0"),
            ("semantic_ids", engine.ReadTable("semantic_ids"))),
        new TableWrite(
            OneRecTables.SemanticIds(Apache.Arrow.Types.Int64Type.Default), new WriteMode.Append(), new CommitNote("rival", "r", "f"))));
}
