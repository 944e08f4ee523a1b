using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Columns;
using OneRec.Csv.Types;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Sources;
using OneRec.Engine.Tables;
using OneRec.Engines.Tests.Desks;
using OneRec.TestWorker;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>Reading, SQL, keeping and collecting: what a step may rely on, whichever engine runs.</summary>
public abstract class RelationTests(EngineDesk desk)
{
    public static TheoryData<string> OddTexts =>
    [
        "", "'", "''", "\\", "\\'", "\\\\'", "a\nb", "a\r\nb", "\t", "\"", "`", "${env:HOME}", "{{x}}", "--", "/* */", ";", "%", "_", "\\%", "\\_",
        "\\n", "\\u0041", "é", "𝄞", "\u200b", "'; DROP TABLE x; --", "NULL", "a''b", "\u0001",
    ];

    [Fact]
    public void Literal_of_any_text_is_that_text()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        string[] texts = [.. OddTexts.Select(row => row.Data)];
        SqlScript script = new($"SELECT {string.Join(", ", texts.Select((_, i) => $"{{{{t{i}}}}} AS c{i}"))}");
        for (int i = 0; i < texts.Length; i++)
        {
            script = script.With($"t{i}", texts[i]);
        }

        Assert.Equal([string.Join(" | ", texts.Select(RowText.Text))], engine.Rows(engine.Sql(script)));
    }

    [Fact]
    public void Double_keeps_its_bits_through_sql()
    {
        double[] values =
        [
            0, -0.0, 1, -1.5, 0.1, 1.0 / 3, Math.PI, double.Epsilon, double.MaxValue, double.MinValue, 1e-310, 2.2250738585072014e-308,
            double.PositiveInfinity, double.NegativeInfinity, 9007199254740993, 1e22, 123456789012345680,
        ];
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        SqlScript script = new($"SELECT {string.Join(", ", values.Select((_, i) => $"{{{{v{i}}}}} AS c{i}"))}");
        for (int i = 0; i < values.Length; i++)
        {
            script = script.With($"v{i}", values[i]);
        }

        Assert.Equal(
            [string.Join(" | ", values.Select(v => $"d{BitConverter.DoubleToInt64Bits(v):x16}"))],
            engine.Rows(engine.Sql(script)));
    }

    [Fact]
    public void Instant_and_whole_numbers_and_names_read_back()
    {
        var instant = new DateTimeOffset(2016, 2, 29, 23, 59, 59, TimeSpan.FromHours(2)).AddTicks(1234567);
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation odd = Batches.Longs(engine, ["select", "a b", "tick`s"], [[1, 2, 3]]);
        SqlScript script = new SqlScript("SELECT {{when}} AS w, {{least}} AS l, {{most}} AS m, 5 -{{one}} AS six, {{a}} + {{b}} + {{c}} AS s FROM {{from}}")
            .With("when", instant)
            .With("least", long.MinValue)
            .With("most", long.MaxValue)
            .With("one", -1)
            .With("a", new SqlArgument.Name("select"))
            .With("b", new SqlArgument.Name("a b"))
            .With("c", new SqlArgument.Name("tick`s"))
            .With("from", new SqlArgument.Name("odd name"));
        Assert.Equal(
            ["2016-02-29 21:59:59.123456 | -9223372036854775808 | 9223372036854775807 | 6 | 6"],
            engine.Rows(engine.Sql(script, ("odd name", odd))));
    }

    [Fact]
    public void Rows_of_every_type_go_in_and_out_in_order()
    {
        var schema = new Schema(
            [
                new Field("b", BooleanType.Default, true), new Field("i", Int32Type.Default, true), new Field("l", Int64Type.Default, false),
                new Field("f", FloatType.Default, true), new Field("d", DoubleType.Default, true), new Field("s", StringType.Default, true),
                new Field("x", BinaryType.Default, true), new Field("t", ArrowTypes.Utc, true), new Field("v", Batches.Floats, true),
            ],
            null);
        var time = new TimestampArray.Builder(ArrowTypes.Utc).Append(DateTimeOffset.UnixEpoch.AddMicroseconds(1)).AppendNull().Build();
        var batch = new RecordBatch(
            schema,
            [
                new BooleanArray.Builder().Append(true).AppendNull().Build(), new Int32Array.Builder().Append(int.MinValue).AppendNull().Build(),
                new Int64Array.Builder().Append(2).Append(1).Build(), new FloatArray.Builder().Append(-0f).AppendNull().Build(),
                new DoubleArray.Builder().Append(double.NaN).AppendNull().Build(), new StringArray.Builder().Append("é\n").AppendNull().Build(),
                new BinaryArray.Builder().Append([0, 255]).AppendNull().Build(), time, Batches.Lists([[1f, float.NaN], null]),
            ],
            2);
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation relation = engine.FromRows(schema, [batch]);
        Assert.Equal(schema.FieldsList.Select(f => (f.Name, f.DataType.TypeId)), relation.Schema.FieldsList.Select(f => (f.Name, f.DataType.TypeId)));
        Assert.Equal(
            [
                @"True | -2147483648 | 2 | f80000000 | d7ff8000000000000 | 'é\n' | x00ff | 1970-01-01 00:00:00.000001 | [f3f800000, f7fc00000]",
                "null | null | 1 | null | null | null | null | null | null",
            ],
            engine.Rows(relation).Select(r => r.Replace("dfff8000000000000", "d7ff8000000000000").Replace("fffc00000", "f7fc00000")));
    }

    [Fact]
    public void No_rows_go_in_and_out()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation none = Batches.Longs(engine, ["a", "b"]);
        Assert.Equal(["a", "b"], none.Schema.FieldsList.Select(f => f.Name));
        Assert.Empty(engine.Rows(engine.Sql(new SqlScript("SELECT a + b AS c FROM none"), ("none", none))));
    }

    [Fact]
    public void Ordered_rows_of_many_partitions_arrive_in_order()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        long?[][] rows = [.. Enumerable.Range(0, 30_000).Select(i => new long?[] { i * 7919L % 30_011 })];
        IRelation shuffled = Batches.Longs(engine, ["x"], rows);
        List<string> got = engine.Rows(engine.Sql(new SqlScript("SELECT x FROM r ORDER BY x"), ("r", shuffled)));
        Assert.Equal(rows.Select(r => r[0]!.Value).Order().Select(v => v.ToString()), got);
    }

    [Fact]
    public void Script_may_begin_with_its_own_common_table_expressions()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation a = Batches.Longs(engine, ["x"], [[1], [2]]);
        IRelation b = Batches.Longs(engine, ["x"], [[2], [3]]);
        SqlScript script = new("WITH joined AS (SELECT a.x FROM a JOIN b ON a.x = b.x) SELECT x, (SELECT count(*) FROM a) AS n FROM joined");
        Assert.Equal(["2 | 2"], engine.Rows(engine.Sql(script, ("a", a), ("b", b))));
    }

    [Fact]
    public void Text_file_gives_null_for_empty_and_reads_several_files()
    {
        using var files = new ScratchFolder();
        File.WriteAllText(files["a [1].csv"], "x,y\n1,\n\"\",\"a\nb\"\n");
        File.WriteAllText(files["b.csv"], "x,y\r\n\" 2 \",\"\"\"\"\r\n");
        using IEngine engine = desk.Open(files["tables"]);
        IRelation text = Texts(engine, new CsvFiles([files["a [1].csv"], files["b.csv"]], Request(multiLine: true)), "x, y");
        Assert.Equal(["' 2 ' | '\"'", "'1' | null", @"null | 'a\nb'"], engine.SortedRows(text));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Records_that_cannot_be_read_are_rows_that_tell_why_and_where(bool multiLine)
    {
        using var files = new ScratchFolder();
        File.WriteAllText(files["a b%20é.csv"], "x,y\n1,2\n\n3\n4,\"5\"6\n");
        File.WriteAllText(files["b.csv"], "x,y\r\n7,8\r\n9,10,11");
        using IEngine engine = desk.Open(files["tables"]);
        var source = new CsvFiles([files["a b%20é.csv"], files["b.csv"]], Request(multiLine));
        var parts = engine.CsvParts(source).ToDictionary(p => (p.File, p.Block));
        List<object?[]> rows = RowReader.Read(engine.Collect(engine.Sql(
            new SqlScript("SELECT onerec_file, onerec_block, onerec_row, onerec_problem_0, onerec_text FROM t WHERE onerec_problem_0 IS NOT NULL"),
            ("t", engine.ReadCsv(source)))));
        Assert.Equal(
            ["0|2|has 1 field, but the header has 2|3", "0|3|has text after a closing quote|4,\"5\"6", "1|2|has 3 fields, but the header has 2|9,10,11"],
            rows.Select(r => (Part: parts[((long)r[0]!, (long)r[1]!)], Row: r))
                .Select(r => $"{r.Part.Place}|{r.Part.Before + (long)r.Row[2]!}|{r.Row[3]}|{r.Row[4]}")
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Folders_name_columns_of_text_files_packed_or_not()
    {
        using var files = new ScratchFolder();
        string plain = Write(files, "log/day=2024-01-01/k=a%20b/x.csv", "x,y\n1,2\n"u8);
        using var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Optimal))
        {
            gzip.Write("x,y\n3,\n"u8);
        }

        string second = Write(files, "log/day=2024-01-02/k=__HIVE_DEFAULT_PARTITION__/x.csv.gz", packed.ToArray());
        using IEngine engine = desk.Open(files["tables"]);
        CsvRequest request = Request(multiLine: false);
        request = request with
        {
            Columns = [.. request.Columns, new CsvColumn("day", "day", 2, ColumnType.Text), new CsvColumn("k", "k", 3, ColumnType.Text)],
        };
        IRelation text = Texts(engine, new CsvFiles([plain, second], request)
        {
            Partitions = new FilePartitions(files["log"], ["day", "k"], [["2024-01-01", "a b"], ["2024-01-02", null]]),
        }, "x, y, day, k");
        Assert.Equal(["x", "y", "day", "k"], text.Schema.FieldsList.Select(f => f.Name));
        Assert.Equal(["'1' | '2' | '2024-01-01' | 'a b'", "'3' | null | '2024-01-02' | null"], engine.SortedRows(text));
        Assert.Equal(
            ["'3'"], engine.Rows(engine.Sql(new SqlScript("SELECT x FROM t WHERE day = '2024-01-02'"), ("t", text))));
    }

    private static CsvRequest Request(bool multiLine) =>
        new(2, multiLine, [new CsvColumn("x", "x", 0, ColumnType.Text), new CsvColumn("y", "y", 1, ColumnType.Text)]);

    private static IRelation Texts(IEngine engine, CsvFiles files, string columns) =>
        engine.Sql(new SqlScript($"SELECT {columns} FROM t"), ("t", engine.ReadCsv(files)));

    [Fact]
    public void Parquet_files_are_read_by_name_and_widened()
    {
        using var files = new ScratchFolder();
        var narrow = new Schema(
            [new Field("n", Int32Type.Default, true), new Field("f", FloatType.Default, true), new Field("s", StringType.Default, true), new Field("b", BooleanType.Default, true)], null);
        var wide = new Schema([new Field("s", StringType.Default, true), new Field("spare", Int64Type.Default, true), new Field("n", Int64Type.Default, true), new Field("f", FloatType.Default, true), new Field("b", BooleanType.Default, true)], null);
        string first = Parquet(files, "p/k=1/a [1].parquet", narrow, [7, 0.5f, "é", true], [null, null, null, null]);
        string second = Parquet(files, "p/k=2/b.parquet", wide, ["x", 1L, 1L << 40, 0.25f, false]);
        var columns = new Schema(
            [new Field("n", Int64Type.Default, true), new Field("f", DoubleType.Default, true), new Field("s", StringType.Default, true), new Field("b", BooleanType.Default, true)], null);
        using IEngine engine = desk.Open(files["tables"]);
        IRelation rows = engine.ReadParquet(new ParquetFiles([first, second], columns) { Alike = [0, 1] });
        Assert.Equal(columns.FieldsList.Select(f => (f.Name, f.DataType.TypeId)), rows.Schema.FieldsList.Select(f => (f.Name, f.DataType.TypeId)));
        string[] expected =
        [
            $"1099511627776 | d{BitConverter.DoubleToInt64Bits(0.25):x16} | 'x' | False", $"7 | d{BitConverter.DoubleToInt64Bits(0.5):x16} | 'é' | True",
            "null | null | null | null",
        ];
        Assert.Equal(expected, engine.SortedRows(rows));
        IRelation divided = engine.ReadParquet(new ParquetFiles([first, second], columns)
        {
            Alike = [0, 1],
            Partitions = new FilePartitions(files["p"], ["k"], [["1"], ["2"]]),
        });
        Assert.Equal([expected[0] + " | '2'", expected[1] + " | '1'", expected[2] + " | '1'"], engine.SortedRows(divided));
    }

    [Fact]
    public void Delta_table_of_others_is_read_at_its_version_with_partitions_left_out()
    {
        using var files = new ScratchFolder();
        var schema = new Schema([new Field("x", Int32Type.Default, true), new Field("day", Date32Type.Default, true)], null);
        var written = new Schema([new Field("x", Int32Type.Default, true), new Field("day", Date32Type.Default, true)], null);
        for (int day = 1; day <= 3; day++)
        {
            OneRec.Delta.DeltaTable table = OneRec.Delta.DeltaTable.At(files["t"]);
            OneRec.Delta.Transaction transaction = table.Begin(
                table.LatestSnapshot(), new OneRec.Delta.TableShape(schema, ["day"], new Dictionary<string, string>()));
            using (OneRec.Delta.DataFileWriter writer = transaction.OpenWriter())
            {
                using var batch = new RecordBatch(
                    written,
                    [new Int32Array.Builder().Append(day).Build(), new Date32Array.Builder().Append(new DateTime(2024, 1, day)).Build()],
                    1);
                writer.Write(batch);
                transaction.Add(writer.Finish());
            }

            transaction.Commit("WRITE", new Dictionary<string, string>(), null, OneRec.Delta.OnConflict.Fail);
        }

        var columns = new Schema([new Field("day", Date32Type.Default, true), new Field("x", Int64Type.Default, true)], null);
        using IEngine engine = desk.Open(files["tables"]);
        Assert.Equal(["2024-01-01 | 1", "2024-01-02 | 2"], engine.SortedRows(engine.ReadDelta(new DeltaFiles(files["t"], 1, columns))));
        IRelation some = engine.ReadDelta(new DeltaFiles(files["t"], 2, columns) { Partitions = [["2024-01-02"]] });
        Assert.Contains("2024-01-02 | 2", engine.SortedRows(some));
        SqlScript of = new("SELECT x FROM t WHERE day = DATE '2024-01-02'");
        Assert.Equal(["2"], engine.Rows(engine.Sql(of, ("t", some))));
    }

    [Fact]
    public void Words_of_lists_and_bytes_mean_the_same()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        SqlScript script = new("SELECT array_join(split('a,b', ','), ', ') AS j, sha2(CAST('abc' AS BINARY), 256) AS h");
        Assert.Equal(["'a, b' | 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'"], engine.Rows(engine.Sql(script)));
    }

    [Fact]
    public void Kept_rows_are_the_same_and_counted()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        using IMaterializedRelation kept = engine.Materialize(Batches.Longs(engine, ["x"], [[3], [1], [2]]));
        Assert.Equal(3, kept.Rows);
        Assert.Equal(["1", "2", "3"], engine.SortedRows(kept));
        Assert.Equal(["1", "2", "3"], engine.SortedRows(kept.Part(0)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Kept_rows_are_computed_once_however_often_they_are_used(bool byPart)
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation stamps = engine.Map(Batches.Longs(engine, ["x"], [[3], [1], [2]]), StampKernel.Call, PartitionShape.Any);
        IRelation rows = engine.Sql(new SqlScript("SELECT stamp, CAST(0 AS INT) AS p FROM s"), ("s", stamps));
        using IMaterializedRelation kept = engine.Materialize(rows, byPart ? new ScratchLayout("p", []) : default);
        List<string> first = engine.SortedRows(kept);
        Assert.NotEmpty(first);
        IRelation[] uses =
        [
            engine.Sql(new SqlScript("SELECT stamp, p FROM k"), ("k", kept)),
            engine.Sql(new SqlScript("SELECT k.stamp, l.p FROM k JOIN l ON k.stamp = l.stamp"), ("k", kept), ("l", kept)),
            kept,
        ];
        Assert.All(uses, use => Assert.Equal(first, engine.SortedRows(use)));
        Assert.All(uses, use => Assert.Equal(first, engine.SortedRows(use)));
    }

    [Fact]
    public void Part_of_a_layout_is_read_alone_and_in_order()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation rows = engine.Sql(
            new SqlScript("SELECT x, CAST(p AS INT) AS p, y FROM r"),
            ("r", Batches.Longs(engine, ["x", "p", "y"], [[5, 1, 50], [1, 0, 10], [4, 1, 40], [null, 1, 0], [2, 3, 20]])));
        using IMaterializedRelation kept = engine.Materialize(rows, new ScratchLayout("p", ["x"]));
        Assert.Equal(5, kept.Rows);
        Assert.Equal(["x", "p", "y"], kept.Schema.FieldsList.Select(f => f.Name));
        Assert.Equal(["null | 1 | 0", "4 | 1 | 40", "5 | 1 | 50"], engine.Rows(kept.Part(1)));
        Assert.Empty(engine.Rows(kept.Part(2)));
        Assert.Equal(["1 | 0 | 10", "2 | 3 | 20", "4 | 1 | 40", "5 | 1 | 50", "null | 1 | 0"], engine.SortedRows(kept));
    }

    [Fact]
    public void Bad_sql_is_told_in_one_line()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation a = Batches.Longs(engine, ["x"], [[1]]);
        OneRecException thrown = Assert.Throws<OneRecException>(() => engine.Rows(engine.Sql(new SqlScript("SELECT y FROM a"), ("a", a))));
        Assert.DoesNotContain('\n', thrown.Message);
        Assert.Contains("y", thrown.Message, StringComparison.Ordinal);
    }

    private static string Write(ScratchFolder files, string name, ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(files[name])!);
        File.WriteAllBytes(files[name], bytes);
        return files[name];
    }

    private static string Parquet(ScratchFolder files, string name, Schema schema, params object?[][] rows)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(files[name])!);
        using RecordBatch batch = RowReader.Build(schema, rows);
        using var writer = new ParquetSharp.Arrow.FileWriter(files[name], schema);
        writer.WriteRecordBatch(batch);
        writer.Close();
        return files[name];
    }
}

public sealed class RelationsOnLocalTests() : RelationTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class RelationsOnSpark35Tests(Spark35Desk desk) : RelationTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class RelationsOnSpark40Tests(Spark40Desk desk) : RelationTests(desk);
