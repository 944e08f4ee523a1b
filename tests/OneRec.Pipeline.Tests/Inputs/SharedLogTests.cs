using OneRec.Cli;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Sources;
using OneRec.Inputs.Log;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>A log that is opened once serves steps with and without times.</summary>
public sealed class SharedLogTests : IDisposable
{
    private readonly StepBench _bench = new();
    private readonly IEngine _engine;

    public SharedLogTests() => _engine = EngineFactory.Create(
        "local", new OneRecOptions { Tables = _bench["shared"] }, TimeProvider.System, CancellationToken.None);

    [Theory]
    [InlineData(null)]
    [InlineData("item_id < 9")]
    public void Rows_with_a_bad_time_are_bad_only_for_steps_that_read_times(string? where)
    {
        string file = _bench.Write("log.csv", "user_id,item_id,event_time\n1,1,10\n1,2,never\n,3,30\n2,4,40\n3,5\n");
        using InteractionLog log = Open(file, BadRows.Quarantine, where);
        Assert.Equal(["1|1|0", "1|2|0", "2|4|0"], Rows(log.Clicks.Rows));
        Assert.Equal(["1|1|10000000", "2|4|40000000"], Rows(log.TimedClicks.Rows));
        Assert.Equal((3L, 2L), (log.Clicks.Count, log.TimedClicks.Count));
        const string NoTime = "column 'event_time' has 'never', which is not a time in seconds since 1970 (years 1 to 9999); fix the row or set input.timeUnit";
        Assert.Equal(["3 column 'user_id' is empty, but ids are required", "5 malformed: has 2 fields, but the header has 3"], Bad(log.Clicks, file));
        Assert.Equal(
            ["2 " + NoTime, "3 column 'user_id' is empty, but ids are required", "5 malformed: has 2 fields, but the header has 3"],
            Bad(log.TimedClicks, file));
        Assert.Equal("user_id BIGINT, item_id BIGINT", log.Clicks.Types);
        Assert.Equal("user_id BIGINT, item_id BIGINT, event_time in seconds", log.TimedClicks.Types);
    }

    [Theory]
    [InlineData("1,1\n", "input.csv")]
    [InlineData("1,1,\"1\"x\n", "input.csv")]
    [InlineData(",1,1\n", "input.bad-row")]
    [InlineData("1,1,has 2 fields\n", "input.bad-row")]
    public void Malformed_records_and_bad_values_have_different_codes(string row, string code)
    {
        string file = _bench.Write("log.csv", "user_id,item_id,event_time\n1,1,10\n" + row);
        using var log = InteractionLog.Open(
            _engine, new InputOptions { Interactions = file, TimeUnit = InputTimeUnit.S }, CancellationToken.None);
        Assert.Equal(code, Assert.Throws<OneRecException>(() => log.TimedClicks).Code);
    }

    [Fact]
    public void Bad_time_fails_only_steps_that_read_times()
    {
        string file = _bench.Write("log.csv", "user_id,item_id,event_time\n1,1,10\n1,2,\n");
        using InteractionLog log = Open(file, BadRows.Fail);
        Assert.Equal(2, log.Clicks.Count);
        OneRecException refused = Assert.Throws<OneRecException>(() => log.TimedClicks);
        Assert.Equal($"{file}: row 2: column 'event_time' is empty, but times are required (1 bad row in total)", refused.Message);
    }

    [Theory]
    [InlineData("user_id,item_id\n1,1\n", "has no column 'event_time'; it has user_id, item_id (set input.columns.time)")]
    [InlineData("user_id,item_id,event_time\n1,1,soon\n", ": column 'event_time' (STRING) holds neither numbers nor ISO 8601 times; set input.timeUnit to mdy or dmy if it holds dates such as 01/31/2024 or 31/01/2024, convert it, or set input.columns.time to another column, or to null if there is none")]
    public void Missing_times_are_an_error_only_for_steps_that_read_times(string text, string what)
    {
        string file = _bench.Write("log.csv", text);
        using InteractionLog log = Open(file, BadRows.Fail);
        Assert.Equal(1, log.Clicks.Count);
        OneRecException refused = Assert.Throws<OneRecException>(() => log.TimedClicks);
        Assert.Equal(file + (what[0] == ':' ? "" : " ") + what, refused.Message);
        refused = Assert.Throws<OneRecException>(() => InteractionLog.Require(LocalInputs.Instance, new InputOptions { Interactions = file }, needsTime: true));
        Assert.EndsWith(what, refused.Message);
    }

    [Fact]
    public void Notice_names_a_text_that_makes_a_column_string()
    {
        string rows = string.Concat(Enumerable.Range(0, 200).Select(n => n == 77 ? "guest,1\n" : $"{n},1\n"));
        string file = _bench.Write("log.csv", "user_id,item_id\n" + rows);
        using InteractionLog log = Open(file, BadRows.Fail);
        Assert.Equal(
            [$"{file}: column 'user_id' is read as STRING because of values such as 'guest', although nearly all are integers; "
                + "if those are bad rows, set input.types.user_id=BIGINT"],
            log.Notices);
        using InteractionLog declared = InteractionLog.Open(
            _engine,
            new InputOptions { Interactions = file, Types = new Dictionary<string, ColumnType> { ["user_id"] = ColumnType.BigInt } },
            CancellationToken.None);
        Assert.Empty(declared.Notices);
        OneRecException refused = Assert.Throws<OneRecException>(() => declared.Clicks);
        Assert.StartsWith($"{file}: row 78: column 'user_id' has 'guest', which is not a BIGINT", refused.Message);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _bench.Dispose();
    }

    private static string[] Bad(LogClicks clicks, string file)
    {
        Assert.All(clicks.BadRows, b => Assert.Equal(file, b.Source));
        return [.. clicks.BadRows.Select(b => $"{b.Row} {(b.IsMalformed ? "malformed: " : "")}{b.Reason}")];
    }

    private InteractionLog Open(string file, BadRows bad, string? where = null) => InteractionLog.Open(
        _engine, new InputOptions { Interactions = file, BadRows = bad, Where = where, TimeUnit = InputTimeUnitOf(file) }, CancellationToken.None);

    // A text among the sampled times would make their unit unknown.
    private static InputTimeUnit? InputTimeUnitOf(string file) =>
        File.ReadAllText(file).Contains("never", StringComparison.Ordinal) ? InputTimeUnit.S : null;

    private string[] Rows(IRelation rows) =>
        [.. RowReader.Read(_engine.Collect(rows)).Select(r => string.Join('|', r)).Order(StringComparer.Ordinal)];
}
