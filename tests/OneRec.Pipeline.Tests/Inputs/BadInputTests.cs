using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>Bad input: the exact message, the exit code, and unchanged tables.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly StepBench _bench = new();

    public BadInputTests()
    {
        _bench.Write("good.csv", "user_id,item_id,event_time\n1,1,1\n1,2,2\n2,1,1\n2,2,2\n");
        _bench.Run(Options("good.csv"), "swing", "pairs");
    }

    [Theory]
    [InlineData("user_id,item_id,event_time\n1,1,1\n1,2\n", "{0}: row 2 has 2 fields, but the header has 3")]
    [InlineData("user_id,item_id,event_time\n1,1,1\n1,2,2,2\n", "{0}: row 2 has 4 fields, but the header has 3")]
    [InlineData("user_id,item_id,event_time\n1,1,1\n1,\"2,2\n", "{0}: row 2 has a quote that is not closed on its line; set input.csv.multiLine=true if fields contain line breaks")]
    [InlineData("user_id,item_id,event_time\n1,1,1\n1,\"2\"3,2\n", "{0}: row 2 has text after a closing quote")]
    [InlineData("user_id,item_id,event_time\n1,1,1\n,2,2\n", "{0}: row 2: column 'user_id' is empty, but ids are required (1 bad row in total)")]
    [InlineData("user_id,item_id,event_time\n1,1,1\n1,2,\n1,3,\n", "{0}: row 2: column 'event_time' is empty, but times are required (2 bad rows in total)")]
    [InlineData("user_id,item_id,event_time\n1,1,1\n1,2,253402300800\n", "{0}: row 2: column 'event_time' has '253402300800', which is not a time in seconds since 1970 (years 1 to 9999); fix the row or set input.timeUnit (1 bad row in total)")]
    [InlineData("user_id,item_id,event_time\n1,1,1\n1,2,-62135596801\n", "{0}: row 2: column 'event_time' has '-62135596801', which is not a time in seconds since 1970 (years 1 to 9999); fix the row or set input.timeUnit (1 bad row in total)")]
    [InlineData("user_id,item_id,event_time\n1,1,yesterday\n1,2,today\n", "{0}: column 'event_time' (STRING) holds neither numbers nor ISO 8601 times; set input.timeUnit to mdy or dmy if it holds dates such as 01/31/2024 or 31/01/2024, convert it, or set input.columns.time to another column, or to null if there is none")]
    [InlineData("user,item_id,event_time\n1,1,1\n", "{0} has no column 'user_id'; did you mean 'user'? (set input.columns.user)")]
    [InlineData("user_id,item_id,time\n1,1,1\n", "{0} has no column 'event_time'; did you mean 'time'? (set input.columns.time)")]
    [InlineData("user_id,item_id,event_time\n", "{0} has no interactions")]
    [InlineData("", "{0} is empty; it must begin with a header")]
    public void Log_of_csv(string text, string message) => Refused(_bench.Write("log.csv", text), message);

    [Fact]
    public void Invalid_utf8()
    {
        string file = _bench["log.csv"];
        File.WriteAllBytes(file, [.. "user_id,item_id,event_time\n1,1,1\n1,2,"u8, 0xFF, .. "\n"u8]);
        Refused(file, "{0}: row 2 is not UTF-8 (byte 0xFF at position 5); set input.csv.encoding=windows-1252 if it is that or Latin-1, or convert the file");
        File.WriteAllBytes(file, System.Text.Encoding.Unicode.GetBytes("user_id,item_id,event_time\n1,1,1\n"));
        Refused(file, "{0} is UTF-16; convert it to UTF-8, for example with iconv -f UTF-16 -t UTF-8");
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void Truncated_gzip(double part)
    {
        string rows = string.Concat(Enumerable.Range(0, 20_000).Select(n => $"{n % 97},{n * 7919L % 10_007},{n}\n"));
        byte[] whole = InputBench.Packed("user_id,item_id,event_time\n" + rows);
        int length = part > 0.99 ? whole.Length - 4 : (int)(whole.Length * part);
        File.WriteAllBytes(_bench["log.csv.gz"], whole[..length]);
        Refused(_bench["log.csv.gz"], "{0} is a truncated or corrupt gzip file; copy it again or rewrite it");
    }

    [Theory]
    [InlineData(';', "';'")]
    [InlineData('|', "'|'")]
    [InlineData('\t', "tabs", "tab")]
    public void Text_with_another_separator(char separator, string name, string? option = null) => Refused(
        _bench.Write("log.csv", "user_id,item_id,event_time\n1,1,1\n".Replace(',', separator)),
        "{0} has no column 'user_id': its header is separated by " + name + ", not by commas; set input.csv.interactions.separator="
            + (option ?? separator.ToString()));

    [Fact]
    public void Gzip_with_trailing_bytes()
    {
        File.WriteAllBytes(_bench["log.csv.gz"], [.. InputBench.Packed("user_id,item_id,event_time\n1,1,1\n"), .. new byte[100]]);
        Refused(_bench["log.csv.gz"], "{0} is a truncated or corrupt gzip file; copy it again or rewrite it");
    }

    [Fact]
    public void Damaged_gzip_or_no_gzip()
    {
        byte[] whole = InputBench.Packed("user_id,item_id,event_time\n1,1,1\n");
        whole[^6] ^= 0x55;
        File.WriteAllBytes(_bench["log.csv.gz"], whole);
        Refused(_bench["log.csv.gz"], "{0} is a truncated or corrupt gzip file; copy it again or rewrite it");
        File.WriteAllText(_bench["log.csv.gz"], "user_id,item_id,event_time\n1,1,1\n");
        Refused(_bench["log.csv.gz"], "{0} is a truncated or corrupt gzip file; copy it again or rewrite it");
    }

    [Fact]
    public void Truncated_or_damaged_parquet()
    {
        object?[][] rows = [.. Enumerable.Range(0, 5_000).Select(n => new object?[] { n % 97L, n * 7919L % 10_007, (long)n })];
        string file = _bench.Parquet("log.parquet", Long3(), rows);
        byte[] whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, whole[..(whole.Length / 2)]);
        Refused(file, "{0} is not a complete Parquet file: it is truncated or damaged; copy or write it again");
        byte[] damaged = [.. whole];
        damaged.AsSpan(40, 2_000).Clear();
        File.WriteAllBytes(file, damaged);
        Refused(file, "{0} is not a complete Parquet file: it is truncated or damaged; copy or write it again");
        File.WriteAllText(file, "");
        Refused(file, "{0} is not a complete Parquet file: it is truncated or damaged; copy or write it again");
    }

    [Fact]
    public void Parquet_files_of_a_folder_whose_columns_differ()
    {
        string first = _bench.Parquet("log/a.parquet", Long3(), [1L, 1L, 1L]);
        string second = _bench.Parquet(
            "log/b.parquet",
            InputBench.Schema(("user_id", Int64Type.Default), ("item_id", StringType.Default), ("event_time", Int64Type.Default)),
            [1L, "1", 1L]);
        Refused(
            _bench["log"], $"{second}: column 'item_id' is STRING, but BIGINT in {first}; make the columns of the files the same");
        _bench.Parquet("log/b.parquet", InputBench.Schema(("user_id", Int64Type.Default), ("item_id", Int64Type.Default)), [1L, 1L]);
        Refused(_bench["log"], $"{second} has no column 'event_time', but {first} has; make the columns of the files the same");
    }

    [Fact]
    public void Csv_files_of_a_folder_whose_headers_differ()
    {
        string first = _bench.Write("log/a.csv", "user_id,item_id,event_time\n1,1,1\n");
        string second = _bench.Write("log/b.csv", "item_id,user_id,event_time,more\n1,1,1,1\n");
        Refused(_bench["log"], $"{second} has a different header from {first}: 'more' is only in it; make the headers the same");
    }

    [Fact]
    public void Columns_of_the_wrong_type()
    {
        string file = _bench.Parquet(
            "log.parquet",
            InputBench.Schema(("user_id", DoubleType.Default), ("item_id", Int64Type.Default), ("event_time", InputBench.Utc)),
            [1.0, 1L, DateTimeOffset.UnixEpoch]);
        Refused(file, "{0}: column 'user_id' is DOUBLE, but ids are BIGINT or STRING; rewrite the column as one of these");
        file = _bench.Parquet(
            "log.parquet",
            InputBench.Schema(("user_id", Int64Type.Default), ("item_id", Int64Type.Default), ("event_time", InputBench.Utc)),
            [1L, 1L, DateTimeOffset.UnixEpoch]);
        Refused(
            file,
            "input.timeUnit is ms, but column 'event_time' of {0} is TIMESTAMP; remove input.timeUnit, or set input.columns.time",
            o => o with { Input = o.Input with { TimeUnit = InputTimeUnit.Ms } },
            ErrorKind.Configuration);
        Refused(
            file,
            "input.types.event_time is BIGINT, but {0} has TIMESTAMP, which cannot be read as that; remove the option, or rewrite the column",
            o => o with { Input = o.Input with { Types = new Dictionary<string, ColumnType> { ["event_time"] = ColumnType.BigInt } } },
            ErrorKind.Configuration);
        Refused(
            file,
            "input.types.user_id is DATE, but ids are BIGINT or STRING",
            o => o with { Input = o.Input with { Interactions = _bench["good.csv"], Types = new Dictionary<string, ColumnType> { ["user_id"] = ColumnType.Date } } },
            ErrorKind.Configuration);
    }

    [Fact]
    public void Nulls_in_keys_of_a_delta_table()
    {
        _bench.Delta("table", Long3(), [], [1L, 1L, 1L], [1L, null, 2L], [null, 2L, 2L]);
        Refused(_bench["table"], "{0}: column 'user_id' is empty, but ids are required (2 bad rows in total)");
    }

    [Fact]
    public void Invalid_delta_table()
    {
        Directory.CreateDirectory(_bench["table/_delta_log"]);
        Refused(_bench["table"], "input.interactions: {0} is not a Delta table: its log is empty");
        _bench.Delta("table", Long3(), [], [1L, 1L, 1L]);
        File.WriteAllText(Path.Combine(_bench["table"], "_delta_log", "00000000000000000000.json"), "{ no json");
        OneRecException refused = _bench.Refused(Options("table"), "pairs");
        Assert.Equal(ErrorKind.Input, refused.Kind);
        Assert.StartsWith($"input.interactions: {_bench["table"]}", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Ids_of_different_types()
    {
        string log = _bench.Write("log.csv", "user_id,item_id,event_time\n1,x1,1\n1,x2,2\n");
        Refused(
            log, "item ids are STRING in {0}, but BIGINT in table item_similarity; run swing again, or declare the type in input.types");
        _bench.Write("items.csv", "item_id,title\n1,a\n");
        _bench.Run(new OneRecOptions { Input = new InputOptions { Items = _bench["items.csv"] } }, "ingest");
        OneRecException refused = _bench.Refused(Options("log.csv"), "swing");
        Assert.Equal($"item ids are STRING in {log}, but BIGINT in table items; declare one type for both in input.types", refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    [Theory]
    [InlineData("x'; DROP TABLE t; --.csv")]
    [InlineData("a\"b [1]{2}*?.csv")]
    [InlineData("back\\slash $HOME.csv")]
    public void Path_that_looks_like_sql_or_a_pattern_is_a_path(string name)
    {
        File.Copy(_bench["good.csv"], _bench[name]);
        string[] before = _bench.Text("item_similarity");
        _bench.Run(Options(name), "swing", "pairs");
        Assert.Equal(before, _bench.Text("item_similarity"));
        OneRecException refused = _bench.Refused(Options("not " + name), "swing");
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    [Theory]
    [InlineData("x\"; DROP TABLE t; --")]
    [InlineData("x') OR ('1'='1")]
    [InlineData("x`y")]
    [InlineData("{{where}}")]
    [InlineData("select")]
    public void Column_that_looks_like_sql_is_a_column(string column)
    {
        string header = $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
        _bench.Write("log.csv", $"{header},item_id,event_time\n1,1,1\n1,2,2\n2,1,1\n2,2,2\n");
        string[] before = _bench.Text("item_similarity");
        OneRecOptions options = Options("log.csv");
        options = options with { Input = options.Input with { Columns = new InputColumns { User = column } } };
        _bench.Run(options, "swing", "pairs");
        Assert.Equal(before, _bench.Text("item_similarity"));
    }

    [Theory]
    [InlineData("rating >= 4); DROP TABLE x; SELECT (1", "it has a semicolon")]
    [InlineData("1 = 1; DROP TABLE x", "it has a semicolon")]
    [InlineData("name = 'x", "its quote is never closed")]
    [InlineData("1 = 1 /* and", "its comment is never closed")]
    [InlineData("(1 = 1", "its brackets do not match")]
    public void Predicate_that_is_not_one_expression(string where, string what)
    {
        var problems = new Problems();
        new InputOptions { Where = where }.Validate(problems);
        Assert.Equal([$"input.where must be one SQL expression: {what} (got {where})"], problems.Lines);
    }

    public void Dispose() => _bench.Dispose();

    private static Apache.Arrow.Schema Long3() => InputBench.Schema(
        ("user_id", Int64Type.Default), ("item_id", Int64Type.Default), ("event_time", Int64Type.Default));

    private OneRecOptions Options(string log) => new() { Input = new InputOptions { Interactions = _bench[log] } };

    private void Refused(
        string path, string message, Func<OneRecOptions, OneRecOptions>? change = null, ErrorKind kind = ErrorKind.Input)
    {
        string[] before = [.. _bench.Text("item_pairs"), .. _bench.Text("item_similarity"), .. _bench.Text("runs")];
        var options = new OneRecOptions { Input = new InputOptions { Interactions = path } };
        OneRecException refused = _bench.Refused(change is null ? options : change(options), "pairs");
        Assert.Equal(string.Format(message, path), refused.Message);
        Assert.Equal(kind, refused.Kind);
        Assert.DoesNotContain('\n', refused.Message);
        string[] after = [.. _bench.Text("item_pairs"), .. _bench.Text("item_similarity"), .. _bench.Text("runs")];
        Assert.Equal(before, after);
        Assert.Empty(_bench.Table("quarantine"));
    }
}
