using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Csv.Types;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>The same rows give the same tables in any format.</summary>
public sealed class FormatTests : IDisposable
{
    private const string Header = "user_id,item_id,event_time,rating\n";

    private static readonly long Noon = new DateTimeOffset(2024, 1, 31, 12, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    private static readonly (string User, long Item, long Time, double Rating)[] Clicks =
    [
        ("é,1", 1, 0, 5), ("é,1", 2, 60, 4.5), ("b", 1, 120, 4), ("b", 2, 180, 5), ("b", 3, 240, 1),
        ("c\"", 2, 300, 4), ("c\"", 3, 360, 5), ("c\"", 1, 420, 4.5), ("d", 3, 480, 4), ("d", 2, 540, 4),
    ];

    private readonly StepBench _bench = new();

    public static TheoryData<string> Formats =>
    [
        "csv", "csv with a byte order mark", "csv with CRLF", "csv that mixes line ends", "gzip csv", "gzip csv of two members",
        "folder of csv", "pattern of csv", "parquet", "folder of parquet", "narrow parquet", "delta", "partitioned delta",
        "column folders of csv", "column folders of parquet",
    ];

    public static TheoryData<string> Times => ["s", "ms", "us", "iso", "iso with an offset", "timestamp", "timestamp without a zone"];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_format_gives_the_same_pairs(string format)
    {
        string[] expected = Pairs(Write("csv"), "Rows as CSV");
        Assert.Contains(expected, r => r.Contains("|u2i|", StringComparison.Ordinal));
        Assert.Equal(expected, Pairs(Write(format), format));
    }

    [Theory]
    [MemberData(nameof(Times))]
    public void Every_kind_of_time_gives_the_same_pairs(string kind)
    {
        string[] expected = Pairs(Write("csv"), "seconds");
        (string path, InputTimeUnit? unit) = WriteTimes(kind);
        InputOptions input = Input(path) with { TimeUnit = unit };
        Assert.Equal(expected, Pairs(input));
    }

    [Fact]
    public void Dates_are_midnight()
    {
        _bench.Write("log.csv", "user_id,item_id,event_time\n1,1,2024-01-31\n1,2,2024-02-01\n2,1,2024-01-31\n2,2,2024-02-01\n");
        string[] expected = Pairs(Input(_bench["log.csv"]) with { Where = null });
        _bench.Delta("log", InputBench.Schema(
            ("user_id", Int64Type.Default), ("item_id", Int64Type.Default), ("event_time", StringType.Default)), [],
            [1L, 1L, "2024-01-31"], [1L, 2L, "2024-02-01"], [2L, 1L, "2024-01-31"], [2L, 2L, "2024-02-01"]);
        Assert.Contains(expected, r => r.Contains("|u2i|", StringComparison.Ordinal));
        Assert.Equal(expected, Pairs(Input(_bench["log"]) with { Where = null }));
    }

    [Theory]
    [InlineData("csv")]
    [InlineData("parquet")]
    [InlineData("delta")]
    public void Catalogues_of_every_format_give_the_same_items(string format)
    {
        _bench.Write("items.csv", "item_id,title,tags,stock\n1,\"One, \"\"the\"\"\nfirst\",\"a, b\",3\n2,,,0\n");
        string[] expected = Items(_bench["items.csv"]);
        Schema schema = InputBench.Schema(
            ("item_id", Int64Type.Default), ("title", StringType.Default), ("tags", StringType.Default), ("stock", Int32Type.Default));
        object?[][] rows = [[1L, "One, \"the\"\nfirst", "a, b", 3], [2L, null, null, 0]];
        string path = format switch
        {
            "parquet" => _bench.Parquet("items/part.parquet", schema, rows),
            "delta" => _bench.Delta("items-table", schema, [], rows),
            _ => _bench["items.csv"],
        };
        Assert.Equal(expected, Items(path));
    }

    public void Dispose() => _bench.Dispose();

    private string Write(string format)
    {
        string csv = Header + string.Concat(Clicks.Select(Line));
        Schema schema = InputBench.Schema(
            ("user_id", StringType.Default), ("item_id", Int64Type.Default), ("event_time", Int64Type.Default),
            ("rating", DoubleType.Default));
        Schema narrow = InputBench.Schema(
            ("rating", FloatType.Default), ("item_id", Int32Type.Default), ("user_id", StringType.Default),
            ("event_time", Int64Type.Default));
        switch (format)
        {
            case "csv":
                return _bench.Write("log.csv", csv);
            case "csv with a byte order mark":
                File.WriteAllText(_bench["bom.csv"], csv, new UTF8Encoding(true));
                return _bench["bom.csv"];
            case "csv with CRLF":
                return _bench.Write("crlf.csv", csv.Replace("\n", "\r\n", StringComparison.Ordinal));
            case "csv that mixes line ends":
                string[] lines = csv.TrimEnd('\n').Split('\n');
                return _bench.Write("mixed.csv", string.Concat(lines.Select((l, i) => l + (i % 3 == 1 ? "\r\n" : "\n"))));
            case "gzip csv":
                return _bench.Gzip("log.csv.gz", csv);
            case "gzip csv of two members":
                int half = csv.IndexOf("\"b\"", StringComparison.Ordinal);
                File.WriteAllBytes(_bench["two.csv.gz"], [.. InputBench.Packed(csv[..half]), .. InputBench.Packed(csv[half..])]);
                return _bench["two.csv.gz"];
            case "folder of csv":
                _bench.Write("folder/a.csv", Header + string.Concat(Clicks.Take(4).Select(Line)));
                _bench.Gzip("folder/deep [1]/b.csv.gz", Header + string.Concat(Clicks.Skip(4).Select(Line)));
                _bench.Write("folder/_SUCCESS", "");
                return _bench["folder"];
            case "pattern of csv":
                _bench.Write("some/log-1.csv", Header + string.Concat(Clicks.Take(4).Select(Line)));
                _bench.Write("some/log-2.csv", Header + string.Concat(Clicks.Skip(4).Select(Line)));
                _bench.Write("some/other.csv", "nothing\n");
                return _bench["some/log-[0-9].{csv,txt}"];
            case "parquet":
                return _bench.Parquet("log.parquet", schema, [.. Clicks.Select(Row)]);
            case "folder of parquet":
                _bench.Parquet("parts/a.parquet", schema, [.. Clicks.Take(4).Select(Row)]);
                _bench.Parquet("parts/b.parquet", narrow, [.. Clicks.Skip(4).Select(Narrow)]);
                return _bench["parts"];
            case "narrow parquet":
                return _bench.Parquet("narrow.parquet", narrow, [.. Clicks.Select(Narrow)]);
            case "delta":
                _bench.Delta("table", schema, [], [.. Clicks.Take(4).Select(Row)]);
                return _bench.Delta("table", schema, [], [.. Clicks.Skip(4).Select(Row)]);
            case "partitioned delta":
                return _bench.Delta("divided", schema, ["user_id"], [.. Clicks.Select(Row)]);
            case "column folders of csv":
                foreach (IGrouping<string, (string User, long Item, long Time, double Rating)> user in Clicks.GroupBy(c => c.User))
                {
                    _bench.Write(
                        $"by-user/user_id={Uri.EscapeDataString(user.Key)}/part.csv",
                        "item_id,event_time,rating\n" + string.Concat(user.Select(c => $"{c.Item},{Noon + c.Time},{c.Rating}\n")));
                }

                return _bench["by-user"];
            case "column folders of parquet":
                foreach (IGrouping<long, (string User, long Item, long Time, double Rating)> item in Clicks.GroupBy(c => c.Item))
                {
                    _bench.Parquet($"by-item/item_id={item.Key}/part.parquet", schema, [.. item.Select(Row)]);
                }

                return _bench["by-item"];
            default:
                throw new ArgumentException(format, nameof(format));
        }
    }

    private (string Path, InputTimeUnit? Unit) WriteTimes(string kind)
    {
        string Csv(Func<long, string> time) => _bench.Write(
            "times.csv",
            Header + string.Concat(Clicks.Select(c => $"{Quoted(c.User)},{c.Item},{time(Noon + c.Time)},{c.Rating}\n")));
        string Iso(long time, string offset) => DateTimeOffset.FromUnixTimeSeconds(time)
            .ToOffset(TimeSpan.FromHours(offset.Length > 1 ? 2 : 0)).ToString("yyyy-MM-dd'T'HH:mm:ss") + offset;
        string Parquet(TimestampType type) => _bench.Parquet(
            "times.parquet",
            InputBench.Schema(
                ("user_id", StringType.Default), ("item_id", Int64Type.Default), ("event_time", type), ("rating", DoubleType.Default)),
            [.. Clicks.Select(c => new object?[] { c.User, c.Item, DateTimeOffset.FromUnixTimeSeconds(Noon + c.Time), c.Rating })]);
        return kind switch
        {
            "ms" => (Csv(t => $"{t}000"), InputTimeUnit.Ms),
            "us" => (Csv(t => $"{t}000000"), InputTimeUnit.Us),
            "iso" => (Csv(t => Iso(t, "Z")), null),
            "iso with an offset" => (Csv(t => Iso(t, "+02:00")), null),
            "timestamp" => (Parquet(InputBench.Utc), null),
            "timestamp without a zone" => (Parquet(new TimestampType(Apache.Arrow.Types.TimeUnit.Millisecond, (string?)null)), null),
            _ => (Csv(t => $"{t}"), null),
        };
    }

    private static object?[] Row((string User, long Item, long Time, double Rating) c) => [c.User, c.Item, Noon + c.Time, c.Rating];

    private static object?[] Narrow((string User, long Item, long Time, double Rating) c) =>
        [(float)c.Rating, (int)c.Item, c.User, Noon + c.Time];

    private static string Line((string User, long Item, long Time, double Rating) c) =>
        $"{Quoted(c.User)},{c.Item},{Noon + c.Time},{c.Rating}\n";

    private static string Quoted(string text) => $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private string[] Pairs(string path, string what)
    {
        string[] rows = Pairs(Input(path));
        Assert.True(rows.Length > 0, what);
        return rows;
    }

    private string[] Pairs(InputOptions input)
    {
        var options = new OneRecOptions { Input = input, Sections = [new SwingOptions { MinCommonUsers = 2 }] };
        IReadOnlyList<StepSummary> steps = _bench.Run(options, "swing", "pairs");
        Assert.All(steps, s => Assert.False(s.UpToDate), throwIfEmpty: true);
        return [.. _bench.Text("item_pairs")];
    }

    private string[] Items(string path)
    {
        _bench.Clock.Now = _bench.Clock.Now.AddDays(1);
        _bench.Run(new OneRecOptions { Input = new InputOptions { Items = path, Deleted = "stock = 0" } }, "ingest");
        return [.. _bench.Table("items").Select(r => string.Join('|', r[..7]) + (r[8] is null ? "" : "|deleted")).Order(StringComparer.Ordinal)];
    }

    private static InputOptions Input(string path) => new() { Interactions = path, Where = "rating >= 4" };
}
