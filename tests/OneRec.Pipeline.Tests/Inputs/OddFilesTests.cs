using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Cli;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Engine.Relations;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tests.Steps;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>Files that are not what their names say, and the cures that their messages name.</summary>
public sealed class OddFilesTests : IDisposable
{
    private const string Log = "user_id,item_id,event_time\n1,1,1\n1,2,2\n2,1,1\n2,2,2\n";

    private readonly StepBench _bench = new();

    [Fact]
    public void Gzip_without_its_name_is_read_once_renamed()
    {
        File.WriteAllBytes(_bench["log.csv"], InputBench.Packed(Log));
        Refused("log.csv", "{0} is a gzip file; rename it to end in .gz");
        File.Move(_bench["log.csv"], _bench["log.csv.gz"]);
        _bench.Run(Options("log.csv.gz"), "swing");
        Assert.Equal(2, _bench.Table("item_similarity").Count);
    }

    [Fact]
    public void Gzip_within_gzip_is_read_once_decompressed()
    {
        byte[] inner = InputBench.Packed(Log);
        using (var file = new System.IO.Compression.GZipStream(File.Create(_bench["log.csv.gz"]), System.IO.Compression.CompressionMode.Compress))
        {
            file.Write(inner);
        }

        Refused("log.csv.gz", "{0} is a gzip file within a compressed file; decompress it once");
        File.WriteAllBytes(_bench["log.csv.gz"], inner);
        _bench.Run(Options("log.csv.gz"), "swing");
    }

    [Theory]
    [InlineData("UTF-16", "utf-16", "UTF-16")]
    [InlineData("UTF-16", "utf-16BE", "UTF-16BE")]
    [InlineData("UTF-32", "utf-32", "UTF-32")]
    public void Text_in_another_encoding_is_read_once_converted_as_the_message_says(string name, string encoding, string from)
    {
        Skip.Unless(Desk.OnPath("iconv") is not null, "no iconv");
        bool marked = encoding == "utf-32";
        File.WriteAllBytes(
            _bench["log.csv"], [.. marked ? Encoding.GetEncoding(encoding).GetPreamble() : [], .. Encoding.GetEncoding(encoding).GetBytes(Log)]);
        Refused("log.csv", $"{{0}} is {name}; convert it to UTF-8, for example with iconv -f {from} -t UTF-8");
        Assert.Equal(
            0,
            Desk.Capture("sh", ["-c", $"iconv -f {from} -t UTF-8 '{_bench["log.csv"]}' > '{_bench["new.csv"]}'"], TimeSpan.FromSeconds(20)).Exit);
        _bench.Run(Options("new.csv"), "swing");
        Assert.Equal(2, _bench.Table("item_similarity").Count);
    }

    [Theory]
    [InlineData("regexp_like(title, '(')", "missing ): (")]
    [InlineData("title LIKE 'x' ESCAPE 'ab'", "ESCAPE")]
    public void Function_that_refuses_its_argument_names_the_option(string where, string what)
    {
        _bench.Write("log.csv", "user_id,item_id,title\n1,1,a\n1,2,b\n");
        OneRecOptions options = Options("log.csv");
        OneRecException refused = _bench.Refused(options with { Input = options.Input with { Where = where } }, "swing");
        Assert.StartsWith("input.where: ", refused.Message);
        Assert.Contains(what, refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("; the columns are user_id, item_id, title", refused.Message);
        Assert.DoesNotContain("Invalid Input Error", refused.Message);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"input\":", "}")]
    public void Configuration_that_nests_without_end_is_one_line(string open, string close)
    {
        string deep = string.Concat(Enumerable.Repeat(open, 100_000)) + "1" + string.Concat(Enumerable.Repeat(close, 100_000));
        var problems = new Problems();
        string file = _bench.Write("c.json", "{\"seed\": " + deep + "}");
        StepComposition.All.Load(
            new ConfigurationSources { File = file, Sets = [$"embed.inputs={deep}", $"input.items={deep}"], WorkingDirectory = "/here" }, problems);
        Assert.Contains(problems.Lines, l => l.Contains("invalid JSON", StringComparison.Ordinal) || l.StartsWith("seed", StringComparison.Ordinal));
        Assert.All(problems.Lines, l => Assert.InRange(l.Length, 1, 1_000));
        Assert.DoesNotContain(problems.Lines, l => l.Contains('\n', StringComparison.Ordinal));
    }

    [Fact]
    public void Encoding_that_engines_do_not_read_is_told_by_column()
    {
        string file = Write(ParquetSharp.Encoding.ByteStreamSplit);
        OneRecOptions options = new() { Input = new InputOptions { Items = file } };
        OneRecException refused = _bench.Refused(options, "ingest");
        Assert.Equal(
            ($"{file}: column 'item_id' is INT64 in the encoding BYTE_STREAM_SPLIT, which engines read of FLOAT and DOUBLE only; write it in "
                + "another encoding, such as PLAIN", ErrorKind.Input),
            (refused.Message, refused.Kind));
        Write(ParquetSharp.Encoding.Plain);
        _bench.Run(options, "ingest");
        Assert.Equal([1L, 2L, 3L], _bench.Table("items").Select(r => r[0]).Order());
    }

    public void Dispose() => _bench.Dispose();

    private string Write(ParquetSharp.Encoding encoding)
    {
        Schema schema = InputBench.Schema(("item_id", Int64Type.Default), ("title", StringType.Default));
        using ParquetSharp.WriterProperties properties =
            new ParquetSharp.WriterPropertiesBuilder().DisableDictionary().Encoding("item_id", encoding).Build();
        using var writer = new ParquetSharp.Arrow.FileWriter(_bench["items.parquet"], schema, properties);
        using RecordBatch batch = RowReader.Build(schema, [[1L, "a"], [2L, "b"], [3L, "c"]]);
        writer.WriteRecordBatch(batch);
        writer.Close();
        return _bench["items.parquet"];
    }

    private OneRecOptions Options(string log) => new() { Input = new InputOptions { Interactions = _bench[log] } };

    private void Refused(string log, string message)
    {
        OneRecException refused = _bench.Refused(Options(log), "swing");
        Assert.Equal((string.Format(message, _bench[log]), ErrorKind.Input), (refused.Message, refused.Kind));
    }
}
