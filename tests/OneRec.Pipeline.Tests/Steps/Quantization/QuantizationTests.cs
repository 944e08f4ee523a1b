using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OneRec.Kernels.Tests.Clustering.Oracle;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Train;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

public sealed class QuantizationTests
{
    private static readonly TrainOptions Small = new() { Levels = 3, Codes = [12, 8, 8], Batch = 150, Epochs = 4, Refine = 2 };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Codebook_and_codes_equal_the_oracle_and_brute_force(bool texts)
    {
        TestItem[] items = TestItem.Many(400, 6, 15, 1, texts);
        using var desk = new QuantizationDesk(Small);
        desk.Embed(items);
        desk.Run("train", "assign", "evaluate");

        var oracle = new SlowRqKMeans { Seed = 5, Codes = [12, 8, 8], Batches = 3, Epochs = 4, Refine = 2 };
        int[][] codes = oracle.Run([.. items.Select(i => new SlowRow(i.Id.ToString(), i.Text is null ? i.Number : null, i.Vector!))]);
        List<object?[]> codebook = desk.Query("codebooks", "SELECT level, code, centroid, items, model_id FROM codebooks ORDER BY level, code");
        Assert.Equal(28, codebook.Count);
        Assert.All(codebook, row =>
        {
            int level = (int)row[0]!, code = (int)row[1]!;
            Assert.Equal(oracle.Centroids[level][code], Floats(row[2]));
            Assert.Equal(oracle.Items[level][code], row[3]);
            Assert.Equal("m1", row[4]);
        });

        List<object?[]> ids = desk.Query(
            "semantic_ids",
            "SELECT CAST(item_id AS STRING), codes, sid, first_code, slot, nearest_code, error, embedding_hash, deleted_at, run_id FROM semantic_ids");
        Assert.Equal(400, ids.Count);
        Dictionary<string, int> placeOf = items.Select((item, i) => (item, i)).ToDictionary(p => p.item.Id.ToString(), p => p.i);
        Assert.Equal(placeOf.Keys.Order(StringComparer.Ordinal), ids.Select(row => (string)row[0]!).Order(StringComparer.Ordinal));
        foreach (object?[] row in ids)
        {
            int i = placeOf[(string)row[0]!];
            float[] left = [.. items[i].Vector!];
            double error = 0;
            for (int level = 0; level < 3; level++)
            {
                (int code, error) = SlowRqKMeans.Nearest(left, oracle.Centroids[level]);
                Assert.Equal(codes[i][level], code);
                left = [.. left.Zip(oracle.Centroids[level][code], (r, c) => r - c)];
            }

            Assert.Equal(codes[i], ((object?[])row[1]!).Select(c => (int)c!));
            Assert.Equal(string.Join('-', codes[i]), row[2]);
            Assert.Equal((codes[i][0], codes[i][2], (float)error), (row[3], row[5], row[6]));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(items[i].Vector.AsSpan()))), row[7]);
            Assert.Null(row[8]);
        }
    }

    [Fact]
    public void Slots_count_from_0_by_item_id_and_rows_are_sorted_by_codes()
    {
        using var desk = new QuantizationDesk(Small with { Codes = [3], Levels = 2, Batch = 1000 });
        desk.Embed(TestItem.Many(200, 3, 5, 2));
        desk.Run("train", "assign");
        List<object?[]> ids = desk.Query("semantic_ids", "SELECT sid, slot, item_id, codes FROM semantic_ids");
        foreach (IGrouping<object, object?[]> bucket in ids.GroupBy(row => row[0]!))
        {
            object?[][] byId = [.. bucket.OrderBy(row => (long)row[2]!)];
            Assert.Equal(Enumerable.Range(0, byId.Length), byId.Select(row => (int)row[1]!));
        }

        // As the files hold them.
        IEnumerable<(int, int)> Keys() => ids.Select(row => ((int)((object?[])row[3]!)[0]!, (int)((object?[])row[3]!)[1]!));
        Assert.Equal(Keys().Order(), Keys());
    }

    [Fact]
    public void Measures_equal_plain_arithmetic()
    {
        TestItem[] items = TestItem.Many(300, 5, 12, 3);
        using var desk = new QuantizationDesk(Small with { Codes = [10, 6], Levels = 2 });
        desk.Embed(items);
        RunSummary run = desk.Run("train", "assign", "evaluate");
        Dictionary<(string, int?), double> measures = desk
            .Query("quality", "SELECT metric, level, value, run_id, codebook_id FROM quality WHERE metric LIKE 'evaluate.%'")
            .ToDictionary(row => ((string)row[0]!, (int?)row[1]), row =>
            {
                Assert.Equal(run.RunId, row[3]);
                return (double)row[2]!;
            });
        var oracle = new SlowRqKMeans { Seed = 5, Codes = [10, 6], Batches = 2, Epochs = 4, Refine = 2 };
        int[][] codes = oracle.Run([.. items.Select(i => new SlowRow(i.Id.ToString(), i.Number, i.Vector!))]);
        float[][] left = [.. items.Select(i => i.Vector!)];
        double[] mean = [.. Enumerable.Range(0, 5).Select(t => left.Average(v => (double)v[t]))];
        double variance = left.Average(v => v.Zip(mean, (x, m) => (x - m) * (x - m)).Sum());
        Near(variance, measures[("evaluate.variance", null)], 1e-6);
        for (int level = 0; level < 2; level++)
        {
            left = [.. left.Select((v, i) => v.Zip(oracle.Centroids[level][codes[i][level]], (r, c) => r - c).ToArray())];
            double mse = left.Average(v => v.Sum(x => (double)x * x));
            int[] uses = [.. codes.GroupBy(c => c[level]).Select(g => g.Count())];
            double entropy = -uses.Sum(n => n / 300.0 * Math.Log(n / 300.0));
            Near(mse, measures[("evaluate.mse", level)], 1e-6);
            Near(mse / variance, measures[("evaluate.relative_error", level)], 1e-6);
            Near(uses.Length / (double)oracle.Centroids[level].Length, measures[("evaluate.utilization", level)], 1e-12);
            Near(entropy, measures[("evaluate.entropy", level)], 1e-12);
            Near(Math.Exp(entropy), measures[("evaluate.perplexity", level)], 1e-12);
            double[] all = [.. Enumerable.Range(0, oracle.Centroids[level].Length).Select(c => (double)codes.Count(x => x[level] == c))];
            double differences = all.Sum(a => all.Sum(b => Math.Abs(a - b))) / (all.Length * all.Length);
            Near(differences / (2 * all.Average()), measures[("evaluate.gini", level)], 1e-12);
        }

        int[] buckets = [.. codes.GroupBy(c => (c[0], c[1])).Select(g => g.Count())];
        Near(300, measures[("evaluate.items", null)], 0);
        Near(buckets.Length, measures[("evaluate.unique_ids", null)], 0);
        Near(1 - (buckets.Length / 300.0), measures[("evaluate.collision_rate", null)], 1e-12);
        Near(buckets.Where(n => n > 1).Sum() / 300.0, measures[("evaluate.items_not_alone", null)], 1e-12);
        Near(buckets.Max(), measures[("evaluate.largest_bucket", null)], 0);

        List<object?[]> objectives = desk.Query(
            "quality", "SELECT level, iteration, value FROM quality WHERE metric = 'train.objective' ORDER BY level, iteration");
        Assert.Equal(oracle.Objectives.SelectMany(o => o), objectives.Select(row => (double)row[2]!));
    }

    [Fact]
    public void Tables_are_the_same_at_any_threads_and_row_order_and_a_second_run_does_nothing()
    {
        TestItem[] items = TestItem.Many(500, 40, 30, 4);
        using var desk = new QuantizationDesk(Small);
        desk.Embed(items);
        desk.Run("train", "assign", "evaluate");
        using var other = new QuantizationDesk(Small) { Threads = 1 };
        other.Embed([.. items.Reverse()]);
        other.Run("train", "assign", "evaluate");
        Assert.Equal(TablesOf(desk), TablesOf(other));

        using var layout = new QuantizationDesk(Small);
        foreach (TestItem[] commit in items.Chunk(33).Reverse())
        {
            layout.Embed(commit, append: true);
        }

        layout.Run("train", "assign", "evaluate");
        Assert.Equal(TablesOf(desk), TablesOf(layout));

        long[] before = [.. new[] { "codebooks", "semantic_ids", "quality" }.Select(desk.Version)];
        Assert.All(desk.Run("train", "assign", "evaluate").Steps, step => Assert.True(step.UpToDate), throwIfEmpty: true);
        Assert.Equal(before, new[] { "codebooks", "semantic_ids", "quality" }.Select(desk.Version));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(5, 1)]
    public void One_item_or_one_code_or_one_dimension_is_a_codebook_too(int n, int levels)
    {
        using var desk = new QuantizationDesk(new TrainOptions { Levels = levels, Codes = [1] });
        desk.Embed([.. Enumerable.Range(0, n).Select(i => new TestItem(i, null, [3f + i]))]);
        desk.Run("train", "assign", "evaluate");
        Assert.Equal(levels, desk.Query("codebooks", "SELECT code FROM codebooks").Count);
        Assert.Equal(
            Enumerable.Range(0, n).Select(slot => ($"{string.Join('-', new int[levels])}", slot)),
            desk.Query("semantic_ids", "SELECT sid, slot FROM semantic_ids ORDER BY slot").Select(r => ((string)r[0]!, (int)r[1]!)));
        Assert.All(desk.Query("quality", "SELECT value FROM quality"), row => Assert.True(double.IsFinite((double)row[0]!)), throwIfEmpty: true);
        double mse = (double)desk.Query("quality", "SELECT value FROM quality WHERE metric = 'evaluate.mse' AND level = 0")[0][0]!;
        Near(Enumerable.Range(0, n).Average(i => Math.Pow(i - ((n - 1) / 2.0), 2)), mse, 1e-9);
    }

    [Fact]
    public void Only_current_embeddings_of_items_that_are_there_count()
    {
        TestItem[] items = TestItem.Many(300, 4, 10, 5);
        using var clean = new QuantizationDesk(Small);
        clean.Embed(items[..200]);
        clean.Run("train", "assign");
        using var desk = new QuantizationDesk(Small);
        desk.Embed(
        [
            .. items[..200],
            .. items[200..250].Select(i => i with { Deleted = true }),
            .. items[250..].Select(i => i with { EmbeddedHash = "before" }),
        ]);
        desk.Run("train", "assign");
        Assert.Equal(TablesOf(clean), TablesOf(desk));
    }

    internal static string TablesOf(QuantizationDesk desk)
    {
        IEnumerable<object?[]> rows =
        [
            .. desk.Query("codebooks", "SELECT codebook_id, model_id, level, code, centroid, items FROM codebooks ORDER BY codebook_id, level, code"),
            .. desk.Query("semantic_ids", "SELECT item_id, codes, sid, first_code, slot, nearest_code, error, embedding_hash, codebook_id FROM semantic_ids ORDER BY codebook_id, item_id"),
            .. desk.Query("quality", "SELECT codebook_id, metric, level, iteration, value FROM quality ORDER BY codebook_id, metric, level, iteration"),
        ];
        return string.Join('\n', rows.Select(row => string.Join('|', row.Select(Text))));
    }

    private static string Text(object? value) => value switch
    {
        object?[] list => string.Join(',', list.Select(Text)),
        float number => number.ToString("R"),
        double number => number.ToString("R"),
        _ => $"{value}",
    };

    private static float[] Floats(object? list) => [.. ((object?[])list!).Select(v => (float)v!)];

    private static void Near(double expected, double actual, double relative) =>
        Assert.True(Math.Abs(expected - actual) <= relative * Math.Abs(expected), $"{actual:R} is not {expected:R}");
}
