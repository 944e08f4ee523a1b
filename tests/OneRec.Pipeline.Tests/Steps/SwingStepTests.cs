using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Swing;

namespace OneRec.Pipeline.Tests.Steps;

public sealed class SwingStepTests : IDisposable
{
    private const string FlinkLog =
        "user_id,item_id\n0,10\n0,11\n0,12\n1,13\n1,12\n2,10\n2,11\n2,12\n3,13\n3,12\n4,12\n4,10\n4,11\n4,12\n4,13\n";

    private readonly StepBench _bench = new();

    [Fact]
    public void Flink_ML_documentation()
    {
        _bench.Write("log.csv", FlinkLog);
        var swing = new SwingOptions { MinUserItems = 2, MaxUserItems = 3 };
        StepSummary summary = _bench.Run(Options() with { Sections = [swing] }, "swing")[0];
        List<object?[]> rows = _bench.Table("item_similarity");
        Assert.Equal(8, summary.Rows);
        Assert.Equal(8, rows.Count);
        foreach (object?[] row in rows)
        {
            bool withThirteen = (long)row[0]! == 13 || (long)row[1]! == 13;
            double expected = withThirteen ? 0.09134833828228624 : 0.058845768947156235;
            Assert.True(Math.Abs((double)row[2]! - expected) <= 1e-12 * expected);
            Assert.Equal(2, row[4]);
        }

        Assert.Equal(
            ["users 4", "items 4", "interactions 10", "user pairs 9"], summary.Facts.Select(f => $"{f.Name} {f.Value}"));
        Assert.Equal(
            [
                "swing: 10 interactions of 4 items, 9 user pairs, less than a second, 1 MiB held in memory",
                "swing: items with the most users: 12 (4), 10 (2), 11 (2), 13 (2)",
            ],
            _bench.Lines);
    }

    [Fact]
    public void Rows_do_not_depend_on_threads_or_on_the_order_of_the_log()
    {
        string[] lines = [.. Logs.Generated(users: 60, items: 25, clicks: 900, seed: 3)];
        var swing = new SwingOptions { MaxItemUsers = 20, TopK = 7 };
        _bench.Write("log.csv", "user_id,item_id,event_time\n" + string.Join('\n', lines) + "\n");
        _bench.Run(Options() with { Sections = [swing], Threads = 1 }, "swing");
        string[] one = _bench.Text("item_similarity");
        Assert.NotEmpty(one);
        _bench.Write("log.csv", "user_id,item_id,event_time\n" + string.Join('\n', lines.Reverse()) + "\n");
        StepSummary again = _bench.Run(Options() with { Sections = [swing], Threads = 2 }, "swing")[0];
        Assert.False(again.UpToDate);
        Assert.Equal(one, _bench.Text("item_similarity"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rows_do_not_depend_on_the_partitions_and_the_shuffle_is_told_first(bool strings)
    {
        string user = strings ? "u" : "";
        string[] lines = [.. Logs.Generated(users: 60, items: 25, clicks: 900, seed: 3), "77,1,1600000000"];
        _bench.Write("log.csv", "user_id,item_id,event_time\n" + string.Concat(lines.Select(l => $"{user}{l}\n")));
        var swing = new SwingOptions { MaxItemUsers = 20, TopK = 7 };
        _bench.Run(Options() with { Sections = [swing] }, "swing");
        string[] one = _bench.Text("item_similarity");
        Assert.DoesNotContain(_bench.Lines, l => l.Contains("partitions"));

        _bench.Partitions = 6;
        _bench.Run(Options() with { Sections = [swing with { TopK = 8 }] }, "swing");
        _bench.Lines.Clear();
        _bench.Run(Options() with { Sections = [swing] }, "swing");
        Assert.Equal(one, _bench.Text("item_similarity"));
        Assert.Equal(4, _bench.Lines.Count);
        Assert.Matches("^swing: 6 partitions: [0-9,]+ rows \\(about 1 MB\\) to shuffle for [0-9]+ interactions$", _bench.Lines[2]);
        Assert.Matches("^swing: [0-9]+ items are large relative to a partition and are placed individually; the largest partition has 1\\.[0-4][0-9] times", _bench.Lines[3]);
    }

    [Fact]
    public void Failure_of_the_engine_names_the_step()
    {
        _bench.Write("log.csv", FlinkLog);
        _bench.WriteFailure = OneRecException.Engine("spark.failed", "Spark failed: IOException: gone");
        OneRecException refused = _bench.Refused(Options(), "swing");
        Assert.Equal(("spark.failed", "swing", "Spark failed: IOException: gone"), (refused.Code, refused.Step, refused.Message));

        // A file named like the step is not the step's name.
        _bench.WriteFailure = OneRecException.Engine("engine.io", "swing: cannot be read");
        Assert.Equal("swing", _bench.Refused(Options(), "swing").Step);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Capped_rows_are_those_of_the_definition(bool strings)
    {
        string[] lines = [.. Logs.Generated(users: 40, items: 12, clicks: 400, seed: 4)];
        _bench.Write("log.csv", "user_id,item_id,event_time\n" + string.Join('\n', lines) + "\n");
        var swing = new SwingOptions
        {
            MaxItemUsers = 9,
            MinUserItems = 3,
            TopK = 5,
            Alpha2 = 0.5,
            Normalize = SwingNormalization.Max,
        };
        InputOptions input = Options().Input;
        if (strings)
        {
            input = input with
            {
                Types = new Dictionary<string, ColumnType> { ["user_id"] = ColumnType.Text, ["item_id"] = ColumnType.Text },
            };
        }

        _bench.Run(new OneRecOptions { Seed = 9, Input = input, Sections = [swing] }, "swing");
        string[] rows = _bench.Text("item_similarity");
        Assert.NotEmpty(rows);
        Assert.Equal(SwingReference.Rows(lines, swing, 9, strings), rows);
    }

    [Fact]
    public void Predicate_sees_types_and_says_which_rows_count()
    {
        _bench.Write(
            "log.csv",
            "u,i,rating,when\nx1,007,4.5,\nx1,8,5,\nx2,007,4,\nx2,8,10,\nx3,007,3.5,\nx3,8,1,\n,9,2,\n");
        InputOptions input = Options().Input with
        {
            Columns = new InputColumns { User = "u", Item = "i", Time = "when" },
            Where = "rating >= 4 -- stars",
        };
        StepSummary swing = _bench.Run(new OneRecOptions { Input = input }, "swing")[0];
        Assert.Equal("interactions 4", swing.Facts.Select(f => $"{f.Name} {f.Value}").ElementAt(2));
        Assert.Equal(["007", "8"], _bench.Table("item_similarity").Select(r => (string)r[0]!).Order());
        Assert.IsType<StringType>(_bench.SchemaOf("item_similarity")!.GetFieldByName("item_id").DataType);
    }

    [Fact]
    public void Time_range_includes_from_and_excludes_to()
    {
        _bench.Write("log.csv", "user_id,item_id,event_time\n1,1,2024-01-01\n1,2,2024-01-02\n2,1,2024-01-03\n2,2,2024-01-03\n3,1,2024-01-04\n");
        InputOptions input = Options().Input with { From = "2024-01-02", To = "2024-01-04T00:00:00Z" };
        StepSummary swing = _bench.Run(new OneRecOptions { Input = input }, "swing")[0];
        Assert.Contains("interactions 3", swing.Facts.Select(f => $"{f.Name} {f.Value}"));
    }

    [Fact]
    public void Second_run_is_up_to_date_until_something_changes()
    {
        _bench.Write("log.csv", FlinkLog);
        _bench.Run(Options(), "swing");
        Assert.True(_bench.Run(Options(), "swing")[0].UpToDate);
        Assert.True(_bench.Run(Options() with { Threads = 1, Seed = 2 }, "swing")[0].UpToDate);
        Assert.False(_bench.Run(Options() with { Sections = [new SwingOptions { TopK = 3 }] }, "swing")[0].UpToDate);
        Assert.False(_bench.Run(Options() with { Input = Options().Input with { Where = "item_id > 0" } }, "swing")[0].UpToDate);
    }

    [Fact]
    public void Work_above_the_guard_names_the_cap_that_fits()
    {
        string rows = string.Concat(from user in Enumerable.Range(0, 30) from item in Enumerable.Range(0, 3) select $"{user},{item}\n");
        _bench.Write("log.csv", "user_id,item_id\n" + rows);
        var swing = new SwingOptions { MaxUserPairs = 100 };
        OneRecException refused = _bench.Refused(Options() with { Sections = [swing] }, "swing");
        Assert.Equal(
            "swing: 1,305 user pairs exceed swing.maxUserPairs (100); set swing.maxItemUsers=8 (84 user pairs), or raise swing.maxUserPairs",
            refused.Message);
        Assert.Equal(ErrorKind.Configuration, refused.Kind);
        Assert.Empty(_bench.Table("item_similarity"));
        _bench.Run(Options() with { Sections = [swing with { MaxItemUsers = 8 }] }, "swing");
    }

    [Theory]
    [InlineData("user_id,item_id\n", "{0} has no interactions")]
    [InlineData("user_id,item_id\n1,2\n3\n", "{0}: row 2 has 1 field, but the header has 2")]
    [InlineData("user_id,item_id\n1,2\n3,\n", "{0}: row 2: column 'item_id' is empty, but ids are required (1 bad row in total)")]
    [InlineData("userid,item_id\n1,2\n", "{0} has no column 'user_id'; did you mean 'userid'? (set input.columns.user)")]
    [InlineData("user_id,item_id\n1,2\n3,\"4\n", "{0}: row 2 has a quote that is not closed on its line; set input.csv.multiLine=true if fields contain line breaks")]
    public void Bad_logs_are_refused_by_row(string text, string message)
    {
        string file = _bench.Write("log.csv", text);
        OneRecException refused = _bench.Refused(Options(), "swing");
        Assert.Equal(string.Format(message, file), refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
        Assert.Empty(_bench.Table("item_similarity"));
    }

    [Fact]
    public void First_bad_row_among_the_positive_ones_is_named()
    {
        string rows = string.Concat(Enumerable.Range(0, CsvSource.SampleRows).Select(n => $"{n % 50},{n % 7},5\n"));
        string file = _bench.Write("log.csv", "user_id,item_id,rating\n" + rows + "x,1,1\n1,y,5\n2,z,5\n");
        InputOptions input = Options().Input with { Where = "rating = 5" };
        Assert.Equal(
            $"{file}: row 10002: column 'item_id' has 'y', which is not a BIGINT; fix the row or set input.types.item_id (2 bad rows in total)",
            _bench.Refused(new OneRecOptions { Input = input }, "swing").Message);
    }

    [Fact]
    public void Column_of_the_predicate_that_does_not_parse_is_named()
    {
        string rows = string.Concat(Enumerable.Range(0, CsvSource.SampleRows).Select(n => $"{n % 50},{n % 7},5\n"));
        string file = _bench.Write("log.csv", "user_id,item_id,rating\n" + rows + "1,2,five\n");
        InputOptions input = Options().Input with { Where = "rating = 5" };
        Assert.Equal(
            $"{file}: row 10001: column 'rating' has 'five', which is not a BIGINT; fix the row or set input.types.rating (1 bad row in total)",
            _bench.Refused(new OneRecOptions { Input = input }, "swing").Message);
    }

    [Fact]
    public void Predicate_that_leaves_nothing_is_named()
    {
        string file = _bench.Write("log.csv", FlinkLog);
        InputOptions input = Options().Input with { Where = "item_id > 99" };
        Assert.Equal(
            $"{file} has no interactions that pass input.where (item_id > 99)",
            _bench.Refused(new OneRecOptions { Input = input }, "swing").Message);
    }

    [Fact]
    public void Predicate_over_no_column_is_a_bad_configuration()
    {
        _bench.Write("log.csv", FlinkLog);
        OneRecException refused = _bench.Refused(
            new OneRecOptions { Input = Options().Input with { Where = "stars >= 4" } }, "swing");
        Assert.StartsWith("input.where: ", refused.Message);
        Assert.Equal(ErrorKind.Configuration, refused.Kind);
    }

    [Fact]
    public void Users_all_outside_the_bounds_are_no_empty_table()
    {
        string file = _bench.Write("log.csv", FlinkLog);
        OneRecException refused = _bench.Refused(Options() with { Sections = [new SwingOptions { MinUserItems = 9 }] }, "swing");
        Assert.Equal(
            $"swing: no user of {file} has 9 to any number of items; change swing.minUserItems or swing.maxUserItems",
            refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    public void Dispose() => _bench.Dispose();

    private OneRecOptions Options() => new() { Input = new InputOptions { Interactions = _bench["log.csv"] } };
}
