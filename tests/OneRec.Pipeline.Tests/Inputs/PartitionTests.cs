using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Engine.Sources;
using OneRec.Inputs.Files;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>Partitions that the options exclude are not read, so their files may be invalid.</summary>
public sealed class PartitionTests : IDisposable
{
    private const string Junk = "a different header\n";

    private readonly StepBench _bench = new();

    [Theory]
    [InlineData("day = '2024-01-02'", 2)]
    [InlineData("rating >= 4 AND day BETWEEN '2024-01-02' AND '2024-01-02'", 1)]
    [InlineData("day >= '2024-01-02' AND (rating >= 4 OR country = 'fr')", 1)]
    [InlineData("day IN ('2024-01-02') AND country IS NULL", 1)]
    public void Folders_that_the_predicate_excludes_are_not_opened(string where, int rows)
    {
        Day("2024-01-01", "de", "\"never closed");
        Day("2024-01-02", "de", "1,1,1\n");
        Day("2024-01-02", "__HIVE_DEFAULT_PARTITION__", "2,1,5\n");
        InputOptions input = Input() with { Where = where };
        Assert.Equal(rows, Interactions(input));
    }

    [Fact]
    public void Predicate_that_may_hold_in_any_folder_reads_them_all()
    {
        Day("2024-01-01", "de", "\"never closed");
        Day("2024-01-02", "de", "1,1,5\n");
        InputOptions input = Input() with { Where = "day = '2024-01-02' OR rating > 3" };
        OneRecException refused = _bench.Refused(new OneRecOptions { Input = input }, "swing");
        Assert.Equal(
            $"{_bench["log/day=2024-01-01/country=de/part.csv"]}: row 1 has a quote that is not closed on its line; set input.csv.multiLine=true if fields contain line breaks",
            refused.Message);
    }

    [Fact]
    public void Time_range_excludes_folders_of_other_days()
    {
        Day("2023-12-31", "de", "\"never closed");
        Day("2024-01-02", "de", "1,1,5\n");
        Day("2024-02-01", "de", "\"never closed");
        InputOptions input = Input() with
        {
            Columns = new InputColumns { Time = "day" },
            From = "2024-01-01",
            To = "2024-02-01",
        };
        Assert.Equal(1, Interactions(input));
    }

    [Fact]
    public void Message_names_the_options_if_no_folder_is_left()
    {
        Day("2024-01-02", "de", "1,1,5\n");
        InputOptions input = Input() with { Where = "day > '2025'" };
        Assert.Equal(
            $"{_bench["log"]} has no interactions that pass input.where (day > '2025')",
            _bench.Refused(new OneRecOptions { Input = input }, "swing").Message);
    }

    [Fact]
    public void Excluded_partitions_of_a_delta_table_are_not_opened()
    {
        Schema schema = InputBench.Schema(
            ("user_id", Int64Type.Default), ("item_id", Int64Type.Default), ("day", StringType.Default));
        _bench.Delta("table", schema, ["day"], [1L, 1L, "a b"], [2L, 1L, "c"], [3L, 2L, null]);
        foreach (string file in Directory.EnumerateFiles(_bench["table"], "*.parquet", SearchOption.AllDirectories)
            .Where(f => f.Contains("day=c", StringComparison.Ordinal)))
        {
            File.WriteAllText(file, Junk);
        }

        InputOptions input = new() { Interactions = _bench["table"], Where = "day = 'a b' OR day IS NULL" };
        Assert.Equal(2, Interactions(input with { Where = "coalesce(day, 'a b') = 'a b'" }));
        OneRecException refused = _bench.Refused(new OneRecOptions { Input = input with { Where = null } }, "swing");
        Assert.Equal(ErrorKind.Input, refused.Kind);
        Assert.EndsWith(".parquet is not a complete Parquet file: it is truncated or damaged; copy or write it again", refused.Message);
    }

    [Fact]
    public void Folders_that_name_different_columns_are_an_error()
    {
        _bench.Write("log/day=1/a.csv", "user_id,item_id\n1,1\n");
        _bench.Write("log/a.csv", "user_id,item_id\n1,1\n");
        Assert.Equal(
            $"input.interactions: the folders of {_bench["log/day=1/a.csv"]} name different columns from those of {_bench["log/a.csv"]}; use the same folder columns for all files",
            _bench.Refused(new OneRecOptions { Input = Input() }, "swing").Message);
    }

    [Fact]
    public void Types_of_folders_are_inferred_from_all_their_names()
    {
        _bench.Write("log/item_id=7/a.csv", "user_id\n1\n2\n");
        _bench.Write("log/item_id=8/a.csv", "user_id\n1\n2\n");
        Assert.Equal(ColumnType.BigInt, Type());
        _bench.Write("log/item_id=007/a.csv", "user_id\n1\n2\n");
        Assert.Equal(ColumnType.Text, Type());

        ColumnType? Type() => InputSource.Open(
            InputFiles.Open(LocalInputs.Instance, "input.interactions", _bench["log"]), false, new Dictionary<string, ColumnType>()).TypeOf("item_id");
    }

    public void Dispose() => _bench.Dispose();

    private void Day(string day, string country, string rows) =>
        _bench.Write($"log/day={day}/country={country}/part.csv", "user_id,item_id,rating\n" + rows);

    private InputOptions Input() => new() { Interactions = _bench["log"] };

    private long Interactions(InputOptions input)
    {
        string fact = _bench.Run(new OneRecOptions { Input = input }, "swing")[0].Facts.First(f => f.Name == "interactions").Value;
        return long.Parse(fact);
    }
}
