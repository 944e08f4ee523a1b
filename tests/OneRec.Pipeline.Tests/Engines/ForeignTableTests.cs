using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Delta;
using OneRec.Engine.Local;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Sources;
using OneRec.Kernels.Batches;
using OneRec.Testing;
using ParquetSharp.Arrow;

namespace OneRec.Pipeline.Tests.Engines;

/// <summary>Delta tables of other programs, with odd names, older files and damage, as SQL of the local engine reads them.</summary>
public sealed class ForeignTableTests : IDisposable
{
    private readonly ScratchFolder _folder = new();
    private readonly LocalEngine _engine;

    public ForeignTableTests() => _engine = new LocalEngine(
        new LocalSettings(_folder["tables"], 2, 512L << 20), new KernelRegistry(), TimeProvider.System, CancellationToken.None);

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("*.parquet")]
    [InlineData("?.parquet")]
    [InlineData("[ab].parquet")]
    [InlineData("[!x].parquet")]
    [InlineData("a[.parquet")]
    [InlineData("a].parquet")]
    [InlineData("{a,b}.parquet")]
    [InlineData("**")]
    [InlineData("*/../a*.parquet")]
    [InlineData("a\\b.parquet")]
    [InlineData("it's \"a\" [x]$~.parquet")]
    [InlineData("d=[1]*/x?.parquet")]
    public void Path_of_a_log_reads_the_file_of_that_name_and_no_other(string name)
    {
        string table = _folder["t"];
        foreach ((string other, int n) in new[] { "a.parquet", "b.parquet", "aXb.parquet", "d=1/xy.parquet", "a/b.parquet" }.Select((o, n) => (o, n)))
        {
            Parquet(Path.Combine(table, other), ("id", Int32Type.Default, [100 + n]));
        }

        Parquet(Path.GetFullPath(Path.Combine(table, name)), ("id", Int32Type.Default, [7]));
        Log(table, """{"name":"id","type":"integer","nullable":true,"metadata":{}}""", name);

        Assert.Equal(["7"], Read(table));
        string file = Path.GetFullPath(Path.Combine(table, name));
        IRelation rows = _engine.ReadParquet(new ParquetFiles([file], Schema(("id", Int32Type.Default))));
        Assert.Equal([[7]], RowReader.Read(_engine.Collect(rows)));
    }

    [Fact]
    public void Name_that_no_pattern_can_stand_for_is_refused_until_the_file_is_renamed()
    {
        string table = _folder["t"];
        Parquet(Path.Combine(table, "a\\*.parquet"), ("id", Int32Type.Default, [7]));
        Log(table, """{"name":"id","type":"integer","nullable":true,"metadata":{}}""", "a\\*.parquet");
        var e = Assert.Throws<OneRecException>(() => Read(table));
        Assert.Equal(
            ($"{table}/a\\*.parquet: a name with a backslash and one of '*', '?', '[' cannot be read; rename the file or folder", ErrorKind.Input),
            (e.Message, e.Kind));
        File.Move(Path.Combine(table, "a\\*.parquet"), Path.Combine(table, "a*.parquet"));
        Log(table, """{"name":"id","type":"integer","nullable":true,"metadata":{}}""", "a*.parquet");
        Assert.Equal(["7"], Read(table));
    }

    [Theory]
    [InlineData("*.parquet")]
    [InlineData("[ab].parquet")]
    public void Name_with_a_pattern_and_no_file_is_a_missing_file(string name)
    {
        string table = _folder["t"];
        Parquet(Path.Combine(table, "a.parquet"), ("id", Int32Type.Default, [1]));
        Log(table, """{"name":"id","type":"integer","nullable":true,"metadata":{}}""", name);
        var e = Assert.Throws<OneRecException>(() => Read(table));
        Assert.Equal(
            ($"{table} version 0: {name} does not exist; restore the file", "delta.file-missing", ErrorKind.Table), (e.Message, e.Code, e.Kind));
    }

    [Fact]
    public void Column_that_old_files_lack_is_null_there_and_types_that_widened_are_read()
    {
        string table = _folder["t"];
        Parquet(Path.Combine(table, "0.parquet"), ("id", Int32Type.Default, [1]), ("w", FloatType.Default, [0.1f]), ("old", StringType.Default, ["dropped"]));
        Parquet(Path.Combine(table, "1.parquet"), ("W", DoubleType.Default, [0.1]), ("id", Int64Type.Default, [1L << 40]), ("extra", StringType.Default, ["x"]));
        Parquet(Path.Combine(table, "2.parquet"), ("id", Int16Type.Default, [(short)3]));
        Log(
            table,
            """
            {"name":"id","type":"long","nullable":true,"metadata":{}},
            {"name":"w","type":"double","nullable":true,"metadata":{}},
            {"name":"extra","type":"string","nullable":true,"metadata":{}}
            """,
            "0.parquet",
            "1.parquet",
            "2.parquet");
        string[] expected = ["1 0.10000000149011612 -", "1099511627776 0.1 x", "3 - -"];
        Assert.Equal(expected, Read(table));

        // The same rows without SQL.
        Snapshot snapshot = DeltaTable.At(table).LatestSnapshot()!;
        Assert.Equal(expected, RowReader.Read(snapshot.Scan()).Select(Line).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Column_that_no_file_has_is_null()
    {
        string table = _folder["t"];
        Parquet(Path.Combine(table, "0.parquet"), ("id", Int32Type.Default, [1]));
        Log(table, """{"name":"id","type":"integer","nullable":true,"metadata":{}},{"name":"extra","type":"date","nullable":true,"metadata":{}}""", "0.parquet");
        Assert.Equal(["1 -"], Read(table));
    }

    [Fact]
    public void Type_that_was_not_widened_is_refused_with_the_file()
    {
        string table = _folder["t"];
        Parquet(Path.Combine(table, "0.parquet"), ("id", DoubleType.Default, [1.5]));
        Log(table, """{"name":"id","type":"long","nullable":true,"metadata":{}}""", "0.parquet");
        var e = Assert.Throws<OneRecException>(() => Read(table));
        Assert.Equal(
            ($"{table} version 0: 0.parquet: column 'id' has Arrow type double, but the table has long; rewrite the table", "delta.column-type"),
            (e.Message, e.Code));
    }

    [Fact]
    public void Column_that_may_not_be_null_and_is_missing_is_refused_with_the_file()
    {
        string table = _folder["t"];
        Parquet(Path.Combine(table, "0.parquet"), ("id", Int32Type.Default, [1]));
        Log(table, """{"name":"id","type":"integer","nullable":true,"metadata":{}},{"name":"x","type":"long","nullable":false,"metadata":{}}""", "0.parquet");
        var e = Assert.Throws<OneRecException>(() => Read(table));
        Assert.Equal(
            ($"{table} version 0: 0.parquet has no column 'x', which is not nullable; rewrite the table", "delta.column-missing"), (e.Message, e.Code));
    }

    [Fact]
    public void Table_of_ours_whose_page_has_a_flipped_bit_is_refused_by_name_for_every_bit_of_its_values()
    {
        string table = OwnTable(out string data);
        byte[] whole = File.ReadAllBytes(data);
        for (int at = 40; at < 400; at += 17)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 1;
            File.WriteAllBytes(data, damaged);
            AssertDamaged(table, data);
        }

        File.WriteAllBytes(data, whole);
        Assert.Equal(500L, RowReader.Read(_engine.Collect(Count("own")))[0][0]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(9)]
    [InlineData(300)]
    public void Missing_or_truncated_file_of_a_table_of_ours_is_a_table_error(int length)
    {
        string table = OwnTable(out string data);
        if (length < 0)
        {
            File.Delete(data);
            var e = Assert.Throws<OneRecException>(() => RowReader.Read(_engine.Collect(Count("own"))));
            Assert.Equal(
                ($"{table} version 0: {Path.GetFileName(data)} does not exist; restore the file", "delta.file-missing", ErrorKind.Table),
                (e.Message, e.Code, e.Kind));
            return;
        }

        using (FileStream file = File.OpenWrite(data))
        {
            file.SetLength(length);
        }

        AssertDamaged(table, data);
    }

    // Pages without checksums, as older versions of this program wrote them: what cannot be decoded is told as damage.
    [Fact]
    public void Damage_that_only_decoding_finds_is_a_table_error_too()
    {
        string table = _folder["tables/own"];
        object?[] texts = [.. Enumerable.Range(0, 3_000).Select(i => (object?)$"some text {i * 7919 % 3001}")];
        Parquet(Path.Combine(table, "0.parquet"), ("text", StringType.Default, texts));
        Log(table, """{"name":"text","type":"string","nullable":true,"metadata":{}}""", "0.parquet");
        IRelation rows = _engine.Sql(new SqlScript("SELECT max(text) AS text FROM t"), ("t", _engine.ReadTable("own")));
        byte[] bytes = File.ReadAllBytes(Path.Combine(table, "0.parquet"));
        bytes.AsSpan(200, 4_000).Fill(0xff);
        File.WriteAllBytes(Path.Combine(table, "0.parquet"), bytes);
        var e = Assert.Throws<OneRecException>(() => RowReader.Read(_engine.Collect(rows)));
        Assert.Equal(
            ($"{table} version 0: cannot read 0.parquet as Parquet; restore the file", "delta.file-broken", ErrorKind.Table),
            (e.Message, e.Code, e.Kind));
    }

    private static Schema Schema(params (string Name, IArrowType Type)[] columns) =>
        new(columns.Select(c => new Field(c.Name, c.Type, true)), null);

    private static void Parquet(string path, params (string Name, IArrowType Type, object?[] Values)[] columns)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        Schema schema = Schema([.. columns.Select(c => (c.Name, c.Type))]);
        IArrowArray[] arrays = [.. columns.Select(c => c.Type switch
        {
            Int16Type => new Int16Array.Builder().AppendRange(c.Values.Cast<short>()).Build(),
            _ => RowReader.Build(new Schema([new Field(c.Name, c.Type, true)], null), [.. c.Values.Select(v => new[] { v })]).Column(0),
        })];
        using var batch = new RecordBatch(schema, arrays, columns[0].Values.Length);
        using var file = new FileStream(path, FileMode.Create);
        using var writer = new FileWriter(file, schema);
        writer.WriteRecordBatch(batch);
        writer.Close();
    }

    // A log written from the protocol's text.
    private static void Log(string table, string fields, params string[] files)
    {
        string schema = $$"""{"type":"struct","fields":[{{fields}}]}""".ReplaceLineEndings("");
        string[] lines =
        [
            """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""",
            """{"metaData":{"id":"x","format":{"provider":"parquet","options":{}},"partitionColumns":[],"configuration":{"onerec.schema":"1"},"schemaString":"""
                + Json(schema) + "}}",
            .. files.Select(f =>
                $$$"""{"add":{"path":{{{Json(f.Replace("%", "%25", StringComparison.Ordinal))}}},"partitionValues":{},"size":1,"modificationTime":1,"dataChange":true}}"""),
        ];
        Directory.CreateDirectory(Path.Combine(table, "_delta_log"));
        File.WriteAllLines(Path.Combine(table, "_delta_log", "00000000000000000000.json"), lines);
    }

    private static string Json(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string Line(object?[] row) =>
        string.Join(' ', row.Select(v => v is null ? "-" : Convert.ToString(v, CultureInfo.InvariantCulture)));

    private string OwnTable(out string data)
    {
        string table = _folder["tables/own"];
        var shape = new TableShape(
            Schema(("id", Int64Type.Default)), [], new Dictionary<string, string> { ["onerec.schema"] = "1" });
        Transaction transaction = DeltaTable.At(table).Begin(null, shape);
        using (DataFileWriter writer = transaction.OpenWriter())
        {
            using RecordBatch batch = RowReader.Build(
                shape.Schema, [.. Enumerable.Range(0, 500).Select(i => new object?[] { (long)i * 7919 % 1009 * 1_000_003 })]);
            writer.Write(batch);
            transaction.Add(writer.Finish());
        }

        transaction.Commit("WRITE");
        data = Directory.GetFiles(table, "*.parquet").Single();
        return table;
    }

    private void AssertDamaged(string table, string data)
    {
        var e = Assert.Throws<OneRecException>(() => RowReader.Read(_engine.Collect(Count("own"))));
        Assert.Equal(("delta.file-broken", ErrorKind.Table), (e.Code, e.Kind));
        Assert.StartsWith($"{table} version 0: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(Path.GetFileName(data), e.Message, StringComparison.Ordinal);
        Assert.EndsWith("; restore the file", e.Message, StringComparison.Ordinal);
    }

    private IRelation Count(string table) =>
        _engine.Sql(new SqlScript("SELECT count(id) AS n FROM t"), ("t", _engine.ReadTable(table)));

    private string[] Read(string table)
    {
        Snapshot snapshot = DeltaTable.At(table).LatestSnapshot()!;
        IRelation rows = _engine.ReadDelta(new DeltaFiles(table, snapshot.Version, snapshot.Schema));
        return [.. RowReader.Read(_engine.Collect(rows)).Select(Line).Order(StringComparer.Ordinal)];
    }
}
