using System.Text.RegularExpressions;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Pairs;
using OneRec.Pipeline.Steps.Swing;

namespace OneRec.Pipeline.Tests.Steps;

public sealed class PairsStepTests : IDisposable
{
    private readonly StepBench _bench = new();

    [Fact]
    public void Pairs_are_those_of_the_definition()
    {
        string[] lines = [.. Logs.Generated(users: 50, items: 20, clicks: 700, seed: 5)];
        _bench.Write("log.csv", "user_id,item_id,event_time\n" + string.Join('\n', lines) + "\n");
        var pairs = new PairsOptions { History = 4, TargetsPerUser = 6, I2iTopK = 3, MinScore = 0.05 };
        OneRecOptions options = Options() with { Sections = [pairs, new SwingOptions { TopK = 8 }] };
        StepSummary summary = _bench.Run(options, "swing", "pairs")[1];
        (string[] expected, string[] facts) = PairsReference.Rows(lines, _bench.Table("item_similarity"), pairs);
        Assert.Equal(expected, _bench.Text("item_pairs"));
        Assert.Contains(expected, row => row.Contains("|i2i|"));
        Assert.Contains(expected, row => row.Contains("|u2i|"));
        Assert.Equal(facts, summary.Facts.Select(f => $"{f.Name} {f.Value}"));
        Assert.Equal(expected.Length, summary.Rows);
        Assert.True(_bench.Run(options, "pairs")[0].UpToDate);
    }

    /// <remarks>Times of few values: ties stand before, at and after the earliest target.</remarks>
    [Theory]
    [InlineData(1, 1, 40, false)]
    [InlineData(3, 2, 6, false)]
    [InlineData(4, 5, 4, true)]
    [InlineData(7, 3, 300, true)]
    public void Rows_and_facts_do_not_depend_on_the_partitions(int partitions, int history, int times, bool strings)
    {
        string[] lines = [.. Logs.Generated(users: 30, items: 18, clicks: 800, seed: (ulong)times)
            .Select(line => line.Split(',')).Select(f => $"{f[0]},{f[1]},{long.Parse(f[2]) % times}")];
        string id = strings ? "é" : "";
        _bench.Write("log.csv", "user_id,item_id,event_time\n" + string.Concat(
            lines.Select(line => line.Split(',')).Select(f => $"{id}{f[0]},{id}{f[1].PadLeft(strings ? 2 : 1, '0')},{f[2]}\n")));
        OneRecOptions options = Options() with
        {
            Sections = [new PairsOptions { History = history, TargetsPerUser = 5, I2iTopK = 1 }, new SwingOptions { TopK = 6 }],
        };
        _bench.Run(options, "swing");
        _bench.Partitions = partitions;
        _bench.Lines.Clear();
        StepSummary summary = _bench.Run(options, "pairs")[0];
        List<object?[]> similarity = _bench.Table("item_similarity");
        foreach (object?[] row in strings ? similarity : [])
        {
            (row[0], row[1]) = (long.Parse(((string)row[0]!)[1..]), long.Parse(((string)row[1]!)[1..]));
        }

        (string[] expected, string[] facts) = PairsReference.Rows(lines, similarity, options.Section<PairsOptions>());
        Assert.Equal(
            expected, _bench.Text("item_pairs").Select(row => Regex.Replace(row, "é0?", "")).Order(StringComparer.Ordinal));
        Assert.Equal(facts, summary.Facts.Select(f => $"{f.Name} {f.Value}"));
        Assert.Contains(facts, fact => fact.StartsWith("dropped: over targets", StringComparison.Ordinal));
        Assert.Equal(partitions == 1 ? 0 : 1, _bench.Lines.Count);
        Assert.All(_bench.Lines, line => Assert.Matches(
            "^pairs: [0-9]+ partitions \\([0-9]+ by item, [0-9]+ by user\\): about [0-9,]+ rows to shuffle for [0-9]+ clicks and [0-9]+ scores$", line));
    }

    [Fact]
    public void Latest_click_of_an_item_is_the_one_that_counts()
    {
        // Item 1 again after 2: for user 9 the target is 1 with partner 2, not the other way round.
        _bench.Write("log.csv", "user_id,item_id,event_time\n7,1,1\n7,2,1\n8,1,1\n8,2,1\n9,1,10\n9,2,20\n9,1,30\n");
        _bench.Run(Options(), "swing", "pairs");
        Assert.Equal(["1 2 1"], _bench.Table("item_pairs").Where(r => (string)r[2]! == "u2i").Select(r => $"{r[0]} {r[1]} {r[4]}"));
    }

    [Fact]
    public void Without_similarity_the_step_says_what_to_run()
    {
        _bench.Write("log.csv", "user_id,item_id,event_time\n1,1,1\n");
        OneRecException refused = _bench.Refused(Options(), "pairs");
        Assert.Equal("there is no table 'item_similarity' yet; run 'onerec swing' first", refused.Message);
        Assert.Equal(ErrorKind.Table, refused.Kind);
    }

    [Theory]
    [InlineData("1,1,1\n1,2,\n2,1,3\n2,2,4\n", null, "row 2: column 'event_time' is empty, but times are required (1 bad row in total)")]
    [InlineData("1,1,1\n1,2,1600000000000\n2,1,3\n2,2,4\n", null,
        "row 2: column 'event_time' has '1600000000000', which is not a time in seconds since 1970 (years 1 to 9999); fix the row or set input.timeUnit (1 bad row in total)")]
    [InlineData("1,1,2024-01-01\n1,2,2024-01-01\n2,1,2024-02-30\n2,2,2024-01-01\n", InputTimeUnit.Date,
        "row 3: column 'event_time' has '2024-02-30', which is not an ISO 8601 date (years 1 to 9999); fix the row or set input.timeUnit (1 bad row in total)")]
    public void Times_that_do_not_parse_are_named(string rows, InputTimeUnit? unit, string what)
    {
        string file = _bench.Write("log.csv", "user_id,item_id,event_time\n" + rows);
        OneRecOptions options = Options() with { Input = Options().Input with { TimeUnit = unit } };
        _bench.Run(options, "swing");
        OneRecException refused = _bench.Refused(options, "pairs");
        Assert.Equal($"{file}: {what}", refused.Message);
        Assert.Empty(_bench.Table("item_pairs"));
    }

    [Fact]
    public void Times_of_no_kind_are_refused_at_the_header()
    {
        string file = _bench.Write("log.csv", "user_id,item_id,event_time\n1,1,soon\n1,2,now\n2,1,1\n2,2,2\n");
        _bench.Run(Options(), "swing");
        Assert.Equal(
            $"{file}: column 'event_time' (STRING) holds neither numbers nor ISO 8601 times; set input.timeUnit to mdy or dmy if it holds dates such as 01/31/2024 or 31/01/2024, convert it, or set input.columns.time to another column, or to null if there is none",
            _bench.Refused(Options(), "pairs").Message);
    }

    [Theory]
    [InlineData("1600000000", "1600000001", null)]
    [InlineData("1600000000000", "1600000001000", InputTimeUnit.Ms)]
    [InlineData("1600000000000000", "1600000000000001", InputTimeUnit.Us)]
    [InlineData("2020-09-13T12:26:40Z", "2020-09-13T11:26:41-01:00", null)]
    [InlineData("2020-09-13 12:26:40.000001", "2020-09-13 12:26:40.000002", null)]
    [InlineData("2020-09-13", "2020-09-14", null)]
    public void Every_unit_orders_clicks(string first, string second, InputTimeUnit? unit)
    {
        _bench.Write("log.csv", $"user_id,item_id,event_time\n1,1,{first}\n1,2,{second}\n2,1,{first}\n2,2,{second}\n");
        OneRecOptions options = Options() with { Input = Options().Input with { TimeUnit = unit } };
        _bench.Run(options, "swing", "pairs");
        Assert.Equal(["2 1 2"], _bench.Table("item_pairs").Where(r => (string)r[2]! == "u2i").Select(r => $"{r[0]} {r[1]} {r[4]}"));
    }

    public void Dispose() => _bench.Dispose();

    private OneRecOptions Options() => new() { Input = new InputOptions { Interactions = _bench["log.csv"] } };
}
