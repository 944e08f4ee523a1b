using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>Ids that are written differently in log and catalogue: refused before a table is written, and the cure works.</summary>
public sealed class ItemIdTypesTests : IDisposable
{
    private const string Items = "item_id,title\n1,one\n2,two\n3,three\n";

    private readonly StepBench _bench = new();

    [Theory]
    [InlineData("{0}.0", "{0}", "STRING in {1} (such as '1.0'), but BIGINT in {2}; set input.types.item_id=BIGINT, which reads '1.0' as 1")]
    [InlineData("000{0}", "{0}", "STRING in {1} (such as '0001'), but BIGINT in {2}; set input.types.item_id=BIGINT, which reads '0001' as 1")]
    [InlineData("{0}", "000{0}", "BIGINT in {1}, but STRING in {2} (such as '0001'); set input.types.item_id=BIGINT, which reads '0001' as 1")]
    public void Numbers_written_as_text(string inLog, string inItems, string message)
    {
        string log = Log(item => string.Format(inLog, item));
        string items = _bench.Write("items.csv", "item_id,title\n" + string.Concat(Enumerable.Range(1, 3).Select(n => string.Format(inItems, n) + ",t\n")));
        OneRecOptions options = Options(log, items);
        OneRecException refused = Assert.Throws<OneRecException>(() => _bench.Run(options, "ingest", "swing"));
        Assert.Equal(("item ids are " + string.Format(message, "", log, items), ErrorKind.Input), (refused.Message, refused.Kind));
        Assert.Null(_bench.SchemaOf("items"));

        _bench.Run(WithType(options, ColumnType.BigInt), "ingest", "swing", "pairs");
        Assert.Equal(["1", "2", "3"], _bench.Table("items").Select(r => $"{r[0]}").Order());
        Assert.Equal(["1|2", "1|3", "2|1", "2|3", "3|1", "3|2"], _bench.Table("item_similarity").Select(r => $"{r[0]}|{r[1]}").Order());
    }

    [Fact]
    public void Text_among_the_log_s_numbers_is_named_and_becomes_a_bad_row()
    {
        string log = Log(item => $"{item}");
        File.AppendAllText(log, "9,x,5\n");
        string items = _bench.Write("items.csv", Items);
        OneRecOptions options = Options(log, items);
        Assert.Equal(
            $"item ids are STRING in {log} (row 10 has 'x'), but BIGINT in {items}; set input.types.item_id=BIGINT, so that such rows are bad rows",
            Assert.Throws<OneRecException>(() => _bench.Run(options, "ingest", "swing")).Message);
        options = WithType(options, ColumnType.BigInt);
        Assert.StartsWith($"{log}: row 10: column 'item_id' has 'x'", _bench.Refused(options, "swing").Message);
        _bench.Run(options with { Input = options.Input with { BadRows = BadRows.Quarantine } }, "ingest", "swing");
        Assert.Equal(10L, _bench.Table("quarantine").Single()[3]);
    }

    [Fact]
    public void Text_among_the_catalogue_s_numbers_is_named()
    {
        string log = Log(item => $"{item}");
        string items = _bench.Write("items.csv", Items + "4a,four\n");
        Assert.Equal(
            $"item ids are BIGINT in {log}, but STRING in {items} (row 4 has '4a'); set input.types.item_id=BIGINT, so that such rows are bad rows",
            Assert.Throws<OneRecException>(() => _bench.Run(Options(log, items), "ingest", "swing")).Message);
    }

    [Fact]
    public void Texts_of_parquet_are_read_as_numbers_too()
    {
        string log = _bench.Parquet(
            "log.parquet",
            InputBench.Schema(("user_id", Int64Type.Default), ("item_id", StringType.Default), ("event_time", Int64Type.Default)),
            [.. Enumerable.Range(0, 9).Select(n => new object?[] { n / 3L, n % 3 == 0 ? "1.0" : n % 3 == 1 ? "2.000" : "0003", (long)n })]);
        string items = _bench.Write("items.csv", Items);
        OneRecOptions options = Options(log, items);
        Assert.EndsWith(
            "(such as '1.0'), but BIGINT in " + items + "; set input.types.item_id=BIGINT, which reads '1.0' as 1",
            Assert.Throws<OneRecException>(() => _bench.Run(options, "ingest", "swing")).Message);
        _bench.Run(WithType(options, ColumnType.BigInt), "ingest", "swing");
        Assert.Equal(["1|2", "1|3", "2|1", "2|3", "3|1", "3|2"], _bench.Table("item_similarity").Select(r => $"{r[0]}|{r[1]}").Order());
    }

    public void Dispose() => _bench.Dispose();

    private static OneRecOptions WithType(OneRecOptions options, ColumnType type) => options with
    {
        Input = options.Input with { Types = new Dictionary<string, ColumnType> { ["item_id"] = type } },
    };

    private static OneRecOptions Options(string log, string items) => new() { Input = new InputOptions { Interactions = log, Items = items } };

    private string Log(Func<int, string> item) => _bench.Write(
        "log.csv", "user_id,item_id,event_time\n" + string.Concat(Enumerable.Range(0, 9).Select(n => $"{n / 3},{item(1 + (n % 3))},{n}\n")));
}
