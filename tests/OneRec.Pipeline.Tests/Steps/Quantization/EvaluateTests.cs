using Apache.Arrow.Types;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>Measures of what IDs are for, against plain arithmetic over all pairs.</summary>
public sealed class EvaluateTests
{
    private static readonly TrainOptions Small = new() { Levels = 3, Codes = [6, 4, 3], Epochs = 3, Refine = 1 };

    [Fact]
    public void Swing_neighbours_that_begin_alike_stand_beside_chance()
    {
        TestItem[] items = TestItem.Many(120, 4, 6, 31);
        using var desk = new QuantizationDesk(Small);
        desk.Embed(items);
        (long A, long B)[] similar =
        [
            .. items.SelectMany((a, i) => items.Skip(i + 1).Take(4).Select(b => (a.Number, b.Number))),
            (items[0].Number, 777_777),
        ];
        Similar(desk, similar);
        RunSummary run = desk.Run("train", "assign", "evaluate");
        Dictionary<long, string[]> ids = Ids(desk);

        for (int level = 0; level < 3; level++)
        {
            bool Alike(long a, long b) => ids[a].Take(level + 1).SequenceEqual(ids[b].Take(level + 1));
            double share = similar[..^1].Average(p => Alike(p.A, p.B) ? 1.0 : 0.0);
            double chance = ids.Keys.SelectMany(a => ids.Keys.Where(b => b != a).Select(b => Alike(a, b) ? 1.0 : 0.0)).Average();
            Assert.Equal(share, Measure(desk, "evaluate.in_sample_neighbour_share", level)!.Value, 1e-12);
            Assert.Equal(chance, Measure(desk, "evaluate.neighbour_chance", level)!.Value, 1e-12);
        }

        Assert.Equal(similar.Length - 1, Measure(desk, "evaluate.in_sample_neighbours", null));
        Assert.Matches(@"^0\.\d+ \(chance 0\.\d+\)$", run.Steps[2].Facts.Single(f => f.Name == "Swing neighbours with the same first code, in sample").Value);
    }

    [Fact]
    public void Cosines_within_first_codes_and_of_all_are_the_means_over_all_pairs()
    {
        TestItem[] items = TestItem.Many(90, 5, 6, 32);
        using var desk = new QuantizationDesk(Small);
        desk.Embed([.. items, new TestItem(500_000, null, new float[5])]);
        desk.Run("train", "assign", "evaluate");
        Dictionary<long, string[]> ids = Ids(desk);
        (bool Within, double Cosine)[] pairs =
        [
            .. items.SelectMany((a, i) => items.Skip(i + 1).Select(b => (ids[a.Number][0] == ids[b.Number][0], Cosine(a.Vector!, b.Vector!)))),
        ];

        Assert.Equal(pairs.Where(p => p.Within).Average(p => p.Cosine), Measure(desk, "evaluate.prefix_cosine", 0)!.Value, 1e-9);
        Assert.Equal(pairs.Average(p => p.Cosine), Measure(desk, "evaluate.random_cosine", null)!.Value, 1e-9);
    }

    [Fact]
    public void Drift_is_the_error_of_appended_items_by_that_of_training()
    {
        TestItem[] items = TestItem.Many(150, 4, 6, 33);
        using var desk = new QuantizationDesk(Small);
        desk.Embed(items[..100]);
        desk.Run("train", "assign", "evaluate");
        Assert.Null(Measure(desk, "evaluate.drift", null));
        desk.Publish();
        desk.Embed([.. items[100..].Select(i => i with { Vector = [.. i.Vector!.Select(v => v * 1.5f)] })], append: true);
        desk.Run("assign", "evaluate");

        double appended = Errors(desk, later: true).Average();
        Assert.Equal(50, Measure(desk, "evaluate.appended_items", null)!.Value);
        Assert.Equal(appended, Measure(desk, "evaluate.appended_mse", null)!.Value, 1e-6);
        Assert.Equal(appended / Errors(desk, later: false).Average(), Measure(desk, "evaluate.drift", null)!.Value, 1e-5);
    }

    private static double[] Errors(QuantizationDesk desk, bool later) =>
    [
        .. desk.Query(
            "semantic_ids",
            "SELECT error FROM semantic_ids WHERE (assigned_at > (SELECT min(assigned_at) FROM semantic_ids)) = " + (later ? "TRUE" : "FALSE"))
            .Select(r => (double)(float)r[0]!),
    ];

    private static double Cosine(float[] a, float[] b) =>
        a.Zip(b, (x, y) => (double)x * y).Sum() / Math.Sqrt(a.Sum(x => (double)x * x) * b.Sum(x => (double)x * x));

    private static Dictionary<long, string[]> Ids(QuantizationDesk desk) => desk
        .Query("semantic_ids", "SELECT item_id, sid FROM semantic_ids")
        .ToDictionary(r => (long)r[0]!, r => ((string)r[1]!).Split('-'));

    private static double? Measure(QuantizationDesk desk, string metric, int? level) => desk
        .Query("quality", "SELECT metric, level, value, run_id FROM quality")
        .Where(r => (string)r[0]! == metric && (int?)r[1] == level)
        .Select(r => (double?)r[2])
        .LastOrDefault();

    private static void Similar(QuantizationDesk desk, (long A, long B)[] pairs) => desk.With(engine =>
    {
        TableDefinition table = OneRecTables.ItemSimilarity(Int64Type.Default);
        object?[][] rows = [.. pairs.Select((p, i) => new object?[] { p.A, p.B, 1.0, i, 2 })];
        return QuantizationDesk.Committed(engine.Write(
            engine.FromRows(table.Schema, [RowReader.Build(table.Schema, rows)]),
            new TableWrite(table, new WriteMode.Overwrite(), new CommitNote("swing", "r", "f"))));
    });
}
