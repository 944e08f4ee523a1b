using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>A bad value among the first rows, from which types are inferred, is told by file, row and value, and quarantined.</summary>
public sealed class StrayValueTests : IDisposable
{
    private readonly StepBench _bench = new();

    [Theory]
    [InlineData("user_id")]
    [InlineData("item_id")]
    public void Id_that_is_no_number_among_a_thousand(string column)
    {
        string file = Log(2_000, row => column == "user_id" ? $"N/A,{row % 20},{1_700_000_000 + row}" : $"{row},N/A,{1_700_000_000 + row}");
        string message = $"{file}: row 78: column '{column}' has 'N/A', which is not a BIGINT; fix the row or set "
            + $"input.types.{column} (1 bad row in total)";
        OneRecException refused = _bench.Refused(Options(), "swing");
        Assert.Equal((message, ErrorKind.Input), (refused.Message, refused.Kind));

        StepSummary swing = _bench.Run(Options(BadRows.Quarantine), "swing")[0];
        Assert.Equal(("1", "100"), (Fact(swing, "quarantined"), Fact(swing, "interactions")));
        Assert.Equal((long?)78, (long?)_bench.Table("quarantine").Single()[3]);
        Assert.Contains(
            $"swing: {file}: column '{column}' is read as BIGINT because nearly all of its first values are; a value such as 'N/A' "
                + $"(row 78) makes a bad row; if it is right, set input.types.{column}=STRING",
            _bench.Lines);

        // The cure that the message names, for a user who has no tables yet.
        Directory.Delete(_bench["tables"], recursive: true);
        swing = _bench.Run(Options(types: (column, ColumnType.Text)), "swing")[0];
        Assert.Equal("101", Fact(swing, "interactions"));
    }

    [Fact]
    public void Two_in_two_thousand_are_bad_and_three_are_ids()
    {
        Log(2_000, row => $"guest,{row % 20},{1_700_000_000 + row}", 78, 90);
        Assert.Contains("(2 bad rows in total)", _bench.Refused(Options(), "swing").Message);
        Log(2_000, row => $"guest,{row % 20},{1_700_000_000 + row}", 78, 90, 91);
        Assert.Equal("103", Fact(_bench.Run(Options(), "swing")[0], "interactions"));
    }

    [Theory]
    [InlineData("never", null)]
    [InlineData("never", "2024-01-0")]
    [InlineData("2024-01-05T00:00:00Z", "2024-01-0")]
    public void Time_that_is_none_among_ten(string value, string? date)
    {
        string file = Log(20, row => $"7,1,{value}", time: row => date is null ? $"{1_700_000_000 + row}" : $"{date}{(row % 9) + 1}");
        OneRecOptions options = Options();
        _bench.Run(options, "swing");
        OneRecException refused = _bench.Refused(options, "pairs");
        string kind = date is null ? "a time in seconds since 1970" : "an ISO 8601 date";
        Assert.Equal(
            $"{file}: row 13: column 'event_time' has '{value}', which is not {kind} (years 1 to 9999); fix the row or set "
                + "input.timeUnit (1 bad row in total)",
            refused.Message);
        StepSummary pairs = _bench.Run(Options(BadRows.Quarantine), "swing", "pairs")[1];
        Assert.Equal("1", Fact(pairs, "quarantined"));
        Assert.Equal((long?)13, (long?)_bench.Table("quarantine").Single()[3]);
    }

    [Fact]
    public void Times_that_are_mixed_are_refused_with_a_row_and_the_unit_makes_them_bad_rows()
    {
        string file = Log(20, row => $"7,{row % 5},never", [12, 13, 14]);
        _bench.Run(Options(), "swing");
        Assert.Equal(
            $"{file}: column 'event_time' (STRING) holds times and other values: row 12 has 'never'; fix such rows, or set "
                + "input.timeUnit to the unit of the times, so that they are bad rows",
            _bench.Refused(Options(), "pairs").Message);
        OneRecOptions unit = Options(BadRows.Quarantine);
        unit = unit with { Input = unit.Input with { TimeUnit = InputTimeUnit.S } };
        Assert.Equal("3", Fact(_bench.Run(unit, "swing", "pairs")[1], "quarantined"));
    }

    [Fact]
    public void Rating_that_is_no_number_is_a_bad_row()
    {
        string rows = string.Concat(Enumerable.Range(1, 1_500).Select(n => $"{n},{n % 20},{(n == 9 ? "five" : n % 7 == 0 ? "4.5" : "5")}\n"));
        string file = _bench.Write("log.csv", "user_id,item_id,rating\n" + rows);
        OneRecOptions options = Options();
        options = options with { Input = options.Input with { Where = "rating >= 5" } };
        Assert.Equal(
            $"{file}: row 9: column 'rating' has 'five', which is not a DOUBLE; fix the row or set input.types.rating (1 bad row in total)",
            _bench.Refused(options, "swing").Message);
        options = options with { Input = options.Input with { BadRows = BadRows.Quarantine } };
        StepSummary swing = _bench.Run(options, "swing")[0];
        Assert.Equal("1", Fact(swing, "quarantined"));
        Assert.Equal("1,285", Fact(swing, "interactions"));
    }

    [Fact]
    public void Rating_that_is_no_number_in_a_small_log_is_named_with_a_cure_that_works()
    {
        string file = _bench.Write("log.csv", "user_id,item_id,rating\n1,1,5\n1,2,5\n2,1,five\n2,2,5\n");
        OneRecOptions options = Options();
        options = options with { Input = options.Input with { Where = "rating >= 5" } };
        Assert.EndsWith(
            "; column 'rating' is STRING because row 3 has 'five', although most values are numbers; if that is a bad row, set "
                + "input.types.rating=DOUBLE; the columns are user_id, item_id, rating",
            _bench.Refused(options, "swing").Message);
        options = options with { Input = options.Input with { Types = new Dictionary<string, ColumnType> { ["rating"] = ColumnType.Double } } };
        Assert.StartsWith($"{file}: row 3: column 'rating' has 'five', which is not a DOUBLE", _bench.Refused(options, "swing").Message);
    }

    [Fact]
    public void Catalogue_id_that_is_no_number_among_a_thousand()
    {
        string rows = string.Concat(Enumerable.Range(1, 1_200).Select(n => $"{(n == 700 ? "12a" : n)},t\n"));
        string file = _bench.Write("items.csv", "item_id,title\n" + rows);
        OneRecOptions options = new() { Input = new InputOptions { Items = file } };
        Assert.Equal(
            $"{file}: row 700: column 'item_id' has '12a', which is not a BIGINT; fix the row or set input.types.item_id (1 bad row in total)",
            _bench.Refused(options, "ingest").Message);
        options = options with { Input = options.Input with { BadRows = BadRows.Quarantine } };
        Assert.Equal("1", Fact(_bench.Run(options, "ingest")[0], "quarantined"));
        Assert.Equal(1_199, _bench.Table("items").Count);
    }

    [Fact]
    public void Row_is_named_with_its_file_where_the_input_has_several()
    {
        _bench.Write("log/a.csv", "user_id,item_id,event_time\n" + string.Concat(Enumerable.Range(1, 4).Select(n => $"{n},{n},{n}\n")));
        string second = _bench.Write("log/b.csv", "user_id,item_id,event_time\n1,2\n9,9,soon\n");
        OneRecOptions options = Options() with { Input = new InputOptions { Interactions = _bench["log"] } };
        options = options with { Input = options.Input with { BadRows = BadRows.Quarantine } };
        _bench.Run(options, "swing");
        Assert.Contains($"row 2 of {second} has 'soon'", _bench.Refused(options, "pairs").Message);
    }

    public void Dispose() => _bench.Dispose();

    private static string Fact(StepSummary step, string name) => step.Facts.Single(f => f.Name == name).Value;

    private string Log(int rows, Func<int, string> bad, params int[] at) => Log(rows, bad, at, null);

    private string Log(int rows, Func<int, string> bad, Func<int, string> time) => Log(rows, bad, [13], time);

    private string Log(int rows, Func<int, string> bad, int[] at, Func<int, string>? time)
    {
        at = at.Length == 0 ? [78] : at;
        return _bench.Write(
            "log.csv",
            "user_id,item_id,event_time\n" + string.Concat(Enumerable.Range(1, rows).Select(n => at.Contains(n)
                ? bad(n) + "\n"
                : $"{n % 50},{n % 20},{time?.Invoke(n) ?? $"{1_700_000_000 + n}"}\n")));
    }

    private OneRecOptions Options(BadRows bad = BadRows.Fail, params (string Column, ColumnType Type)[] types) => new()
    {
        Input = new InputOptions
        {
            Interactions = _bench["log.csv"],
            BadRows = bad,
            Types = types.ToDictionary(t => t.Column, t => t.Type),
        },
    };
}
