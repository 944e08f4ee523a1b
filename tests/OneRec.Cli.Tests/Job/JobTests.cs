using System.Text.Json;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Delta;

namespace OneRec.Cli.Tests.Job;

/// <summary>The whole job on a small sample, as users run it.</summary>
public sealed class JobTests(SampleJob sample) : IClassFixture<SampleJob>
{
    [Fact]
    public void Tables_are_equal_bit_for_bit_at_one_and_two_threads_and_with_the_input_rows_shuffled()
    {
        string one = sample.NewTables(), two = sample.NewTables(), shuffled = sample.NewTables();
        string items = Shuffled("items.csv"), log = Shuffled("interactions.csv");
        OneRecCommand.Succeed(sample.Run(one, "threads=1"));
        OneRecCommand.Succeed(sample.Run(two, "threads=2"));
        OneRecCommand.Succeed(sample.Run(shuffled, "threads=2", $"input.items={items}", $"input.interactions={log}"));

        foreach (string table in TableText.Compared)
        {
            IReadOnlyList<string> expected = TableText.Of(one, table);
            Assert.NotEmpty(expected);
            Assert.Equal(expected, TableText.Of(two, table));
            Assert.Equal(expected, TableText.Of(shuffled, table));
        }
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void Codebook_and_ids_are_equal_bit_for_bit_without_the_instructions_that_this_machine_has(string switchedOff)
    {
        string here = sample.NewTables(), plain = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(here));
        (int exit, _, string error) = OneRecCommand.RunWith(new() { [switchedOff] = "0" }, sample.Run(plain));
        Assert.True(exit == 0, error);
        foreach (string table in TableText.Compared)
        {
            Assert.Equal(TableText.Of(here, table), TableText.Of(plain, table));
        }
    }

    [Fact]
    public void Without_a_log_ready_made_vectors_get_ids_and_the_logs_steps_are_left_out()
    {
        string tables = sample.NewTables();
        string output = OneRecCommand.Succeed(sample.Run(tables, "input.interactions=null"));
        Assert.Contains("input.interactions is not set", output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(tables, "item_similarity")));
        Assert.Equal(600, TableText.Of(tables, "semantic_ids").Count);

        (int exit, string _, string error) = OneRecCommand.Run(sample.Command("swing", tables, "input.interactions=null"));
        Assert.Equal(2, exit);
        Assert.StartsWith("error input.not-set: input.interactions is not set", error.Split('\n').Last(l => l.Contains("error", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_run_skips_every_step_and_commits_nothing()
    {
        string tables = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(tables));
        Dictionary<string, long> before = Versions(tables);

        (int exit, string output, string error) = OneRecCommand.Run(sample.Run(tables, "threads=1"));

        Assert.Equal(0, exit);
        Assert.Contains("everything was up to date, nothing was written", output + error, StringComparison.Ordinal);
        Assert.Equal(before, Versions(tables));
    }

    [Theory]
    [InlineData("users:0.5")]
    [InlineData("time:0.5")]
    public void A_held_out_part_of_the_log_is_measured_and_changes_no_table_but_quality(string holdout)
    {
        string whole = sample.NewTables(), held = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(whole));
        OneRecCommand.Succeed(sample.Run(held, $"evaluate.holdout={holdout}"));

        foreach (string table in TableText.Compared.Except(["quality"]))
        {
            Assert.Equal(TableText.Of(whole, table), TableText.Of(held, table));
        }

        IReadOnlyList<string> more = [.. TableText.Of(held, "quality").Except(TableText.Of(whole, "quality"))];
        Assert.Equal(
            ["evaluate.holdout_neighbour_share", "evaluate.holdout_neighbours"],
            more.Select(row => row.Split('\'')[3]).Distinct().Order(StringComparer.Ordinal));
        Assert.Empty(TableText.Of(whole, "quality").Except(TableText.Of(held, "quality")));
        (int exit, _, string error) = OneRecCommand.Run(sample.Run(held, "evaluate.holdout=users:2"));
        Assert.Equal(2, exit);
        Assert.Contains("evaluate.holdout must be none, users:SHARE or time:SHARE", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_embedded_item_has_one_id_and_its_codes_are_the_nearest_by_brute_force_in_double()
    {
        string tables = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(tables));
        Dictionary<long, float[]> embeddings = [];
        Each(tables, "item_embeddings", ["item_id", "embedding"], (r, row) => embeddings.Add(Id(r[0], row), Floats(r[1], row)));
        var centroids = new Dictionary<(int Level, int Code), float[]>();
        Each(tables, "codebooks", ["level", "code", "centroid"], (r, row) => centroids.Add((Int(r[0], row), Int(r[1], row)), Floats(r[2], row)));
        int levels = centroids.Keys.Max(k => k.Level) + 1;

        var slots = new HashSet<string>();
        var seen = new HashSet<long>();
        Each(tables, "semantic_ids", ["item_id", "codes", "sid", "slot", "first_code"], (r, row) =>
        {
            long item = Id(r[0], row);
            int[] codes = [.. Enumerable.Range(0, levels).Select(l => ((Int32Array)((ListArray)r[1]).GetSlicedValues(row)).GetValue(l)!.Value)];
            Assert.True(seen.Add(item), $"item {item} has two rows");
            Assert.True(slots.Add($"{string.Join('-', codes)}/{Int(r[3], row)}"), $"item {item} shares codes and slot");
            Assert.Equal(string.Join('-', codes), ((StringArray)r[2]).GetString(row));
            Assert.Equal(codes[0], Int(r[4], row));
            float[] residual = [.. embeddings[item]];
            for (int level = 0; level < levels; level++)
            {
                int nearest = Nearest(residual, centroids, level);
                Assert.Equal(nearest, codes[level]);
                residual = [.. residual.Zip(centroids[(level, nearest)], (a, c) => a - c)];
            }
        });
        Assert.Equal(embeddings.Keys.Order(), seen.Order());
    }

    [Fact]
    public void New_items_are_appended_under_the_published_codebook_and_published_ids_do_not_move()
    {
        string tables = sample.NewTables();
        string[] all = File.ReadAllLines(Path.Combine(sample.Data, "items.csv"));
        string some = sample.PathOf("some-items.csv");
        File.WriteAllLines(some, all.Take(501));
        OneRecCommand.Succeed(sample.Run(tables, $"input.items={some}"));
        IReadOnlyList<string> published = TableText.Of(tables, "semantic_ids");
        IReadOnlyList<string> codebook = TableText.Of(tables, "codebooks");

        OneRecCommand.Succeed(sample.Run(tables));

        IReadOnlyList<string> now = TableText.Of(tables, "semantic_ids");
        Assert.Equal(500, published.Count);
        Assert.Equal(600, now.Count);
        Assert.Empty(published.Except(now));
        Assert.Equal(codebook, TableText.Of(tables, "codebooks"));
    }

    [Fact]
    public void Json_output_is_one_object_with_steps_tables_and_peak_memory()
    {
        string tables = sample.NewTables();
        string output = OneRecCommand.Succeed([.. sample.Run(tables, "run.id=night-1"), "--output", "json"]);

        using JsonDocument json = JsonDocument.Parse(output);
        Assert.Equal("night-1", json.RootElement.GetProperty("run_id").GetString());
        JsonElement[] steps = [.. json.RootElement.GetProperty("steps").EnumerateArray()];
        Assert.Equal(
            ["ingest", "swing", "pairs", "align", "embed", "train", "assign", "evaluate", "publish", "report"],
            steps.Select(s => s.GetProperty("step").GetString()));
        Assert.Equal(600, steps[0].GetProperty("rows").GetInt64());
        Assert.True(json.RootElement.GetProperty("peak_memory_bytes").GetInt64() > 1 << 20);
    }

    [Fact]
    public void Lookup_goes_from_an_item_to_its_id_and_from_a_prefix_to_items()
    {
        string tables = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(tables));
        string csv = OneRecCommand.Succeed([.. sample.Command("lookup", tables), "1", "999999", "--output", "csv"]);
        string[] lines = csv.TrimEnd().Split('\n');
        string sid = lines[1].Split(',').First(f => f.Count(c => c == '-') == 2 && f.All(c => c == '-' || char.IsAsciiDigit(c)));

        Assert.StartsWith("999999,,", lines[2], StringComparison.Ordinal);
        string byPrefix = OneRecCommand.Succeed(
            [.. sample.Command("lookup", tables), "--sid", sid.Split('-')[0], "--limit", "1000", "--output", "csv"]);
        Assert.Contains(byPrefix.Split('\n'), l => l.StartsWith(sid + ",", StringComparison.Ordinal) && l.Contains(",1,", StringComparison.Ordinal));
        string count = OneRecCommand.Succeed(
            [.. sample.Command("sql", tables), "SELECT count(*) AS n FROM current_ids;", "--output", "json"]);
        Assert.Equal(600, JsonDocument.Parse(count).RootElement[0].GetProperty("n").GetInt64());
    }

    [Fact]
    public void Queries_work_while_another_run_holds_the_tables_and_a_second_run_is_told()
    {
        string tables = sample.NewTables();
        OneRecCommand.Succeed(sample.Run(tables));
        using var held = new FileStream(Path.Combine(tables, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

        OneRecCommand.Succeed([.. sample.Command("sql", tables), "SELECT 1 AS one"]);
        (int exit, string output, string error) = OneRecCommand.Run(sample.Run(tables));

        Assert.Equal((4, ""), (exit, output));
        Assert.Contains(
            $"error tables.held: {tables} is in use by another run; wait until it ends, or use another tables folder\n",
            error,
            StringComparison.Ordinal);
    }

    private static Dictionary<string, long> Versions(string tables) => Directory.GetDirectories(tables)
        .Where(d => Directory.Exists(Path.Combine(d, "_delta_log")))
        .ToDictionary(d => Path.GetFileName(d), d => DeltaTable.At(d).LatestVersion()!.Value);

    private string Shuffled(string file)
    {
        string[] lines = File.ReadAllLines(Path.Combine(sample.Data, file));
        string path = sample.PathOf("shuffled-" + file);
        File.WriteAllLines(path, lines.Take(1).Concat(lines.Skip(1).OrderBy(StableHash.Sha256, StringComparer.Ordinal)));
        return path;
    }

    private static int Nearest(float[] row, Dictionary<(int Level, int Code), float[]> centroids, int level)
    {
        int best = -1;
        double least = double.PositiveInfinity;
        for (int code = 0; centroids.TryGetValue((level, code), out float[]? centroid); code++)
        {
            double distance = 0;
            for (int t = 0; t < row.Length; t++)
            {
                double difference = (double)row[t] - centroid[t];
                distance += difference * difference;
            }

            if (distance < least)
            {
                (best, least) = (code, distance);
            }
        }

        return best;
    }

    private static void Each(string tables, string table, string[] columns, Action<IArrowArray[], int> take)
    {
        foreach (RecordBatch batch in DeltaTable.At(Path.Combine(tables, table)).LatestSnapshot()!.Scan(columns))
        {
            using (batch)
            {
                IArrowArray[] arrays = [.. batch.Arrays];
                for (int row = 0; row < batch.Length; row++)
                {
                    take(arrays, row);
                }
            }
        }
    }

    private static long Id(IArrowArray column, int row) => ((Int64Array)column).GetValue(row)!.Value;

    private static int Int(IArrowArray column, int row) => ((Int32Array)column).GetValue(row)!.Value;

    private static float[] Floats(IArrowArray column, int row) =>
        ((FloatArray)((ListArray)column).GetSlicedValues(row)).Values.ToArray();
}
