using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Each reads what the other wrote: our tables and those of Delta Lake on PySpark.</summary>
public abstract partial class DeltaLakeTests(DeltaLakeFixture lake) : IDisposable
{
    private static readonly string[] OddParts =
        ["plain", "with space", "a=b", "a/b", "50%", "ü%20", "日本", "quote'\"", "plus+", "a:b", "{[]}", "tab\there", "..", "#?*"];

    private readonly ScratchFolder _scratch = new();

    public void Dispose()
    {
        _scratch.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public void Delta_Lake_reads_our_rows_of_every_type()
    {
        PySparkSession spark = lake.Spark();
        DeltaTable table = DeltaTable.At(_scratch["every"]);
        TableShape shape = EveryType.Shape([]);
        Transaction create = table.Begin(null, shape);
        create.Add(create.Write(EveryType.Batch(0, 40), EveryType.Batch(40, 60)));
        create.Commit("WRITE");
        Snapshot snapshot = table.LatestSnapshot()!;
        List<string> ours = Rows.Of(snapshot);
        Assert.Equal(100, ours.Count);
        Assert.Equal(ours.Sorted(), Theirs(spark, "read", new { path = table.Folder }, snapshot.Schema).Sorted());
        using JsonDocument schema = JsonDocument.Parse(snapshot.Metadata.SchemaString);
        Assert.Equal(Types(schema.RootElement), Types(spark.Call("schema", new { path = table.Folder })));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Partitions_with_odd_characters_overwrites_and_old_versions_read_alike(bool textIds)
    {
        PySparkSession spark = lake.Spark();
        DeltaTable table = DeltaTable.At(_scratch["odd table"]);
        TableShape shape = Tables.Shape(
            ["codebook_id", "day"],
            ("item_id", textIds ? StringType.Default : Int64Type.Default, false),
            ("embedding", Tables.ListOf(FloatType.Default), false),
            ("codebook_id", StringType.Default, true),
            ("codes", Tables.ListOf(Int32Type.Default), true),
            ("assigned_at", DeltaSchema.Timestamp, false),
            ("day", Date32Type.Default, true));
        var properties = new Dictionary<string, string> { ["onerec.schema"] = "1" };
        Transaction create = table.Begin(null, shape with { Configuration = properties });
        create.Add(create.Write(Items(textIds, [.. OddParts, null])));
        Assert.Equal(new CommitResult.Committed(0), create.Commit("WRITE", Mode("Append"), "{\"step\":\"assign\"}"));

        Snapshot first = table.LatestSnapshot()!;
        Assert.Equal("1", first.Configuration["onerec.schema"]);
        Transaction overwrite = table.Begin(first);
        overwrite.Remove(first.FilesWhere(("codebook_id", "a/b")));
        overwrite.Add(overwrite.Write(Items(textIds, "a/b", "a/b")));
        overwrite.SetTransaction("onerec/backfill/b1/0", 1);
        Assert.Equal(new CommitResult.Committed(1), overwrite.Commit("WRITE", Mode("Overwrite")));

        foreach (Snapshot snapshot in new[] { first, table.LatestSnapshot()! })
        {
            Assert.Equal(
                Rows.Of(snapshot).Sorted(),
                Theirs(spark, "read", new { path = table.Folder, version = snapshot.Version }, snapshot.Schema).Sorted());
        }

        Assert.Equal(
            """[[1,"WRITE",null,{"mode":"Overwrite"}],[0,"WRITE","{\u0022step\u0022:\u0022assign\u0022}",{"mode":"Append"}]]""",
            JsonSerializer.Serialize(spark.Call("history", new { path = table.Folder })));
        Snapshot newest = table.LatestSnapshot()!;
        Assert.Equal(
            $"""[{newest.Files.Count},{newest.Files.Sum(f => f.Size)},["codebook_id","day"],1,2]""",
            JsonSerializer.Serialize(spark.Call("detail", new { path = table.Folder })));

        // Skipping by our statistics must lose no row.
        foreach (string predicate in new[] { "codebook_id = '50%'", "day = date'2026-01-03'", "assigned_at = timestamp'2026-01-01 00:00:02.000002'" })
        {
            JsonElement found = spark.Call("where", new { path = table.Folder, predicate });
            Assert.True(found.GetArrayLength() > 0, predicate);
        }
    }

    [Fact]
    public void Our_reader_reads_what_Delta_Lake_appends_deletes_and_checkpoints()
    {
        PySparkSession spark = lake.Spark();
        DeltaTable table = DeltaTable.At(_scratch["shared"]);
        for (int i = 0; i < 9; i++)
        {
            Assert.Equal(new CommitResult.Committed(i), table.Append((i, "a b"), (10 + i, null)));
        }

        string name = $"delta.`{table.Folder}`";
        spark.Call("sql", new
        {
            statements = new[]
            {
                $"INSERT INTO {name} VALUES (9, 'a b'), (19, 'x=y/z%')",
                $"DELETE FROM {name} WHERE id = 3",
                $"INSERT INTO {name} VALUES (99, NULL)",
            },
        });
        Assert.True(File.Exists(_scratch["shared/_delta_log/00000000000000000010.checkpoint.parquet"]));
        Snapshot snapshot = table.LatestSnapshot()!;
        Assert.Equal(11, snapshot.Version);
        Assert.Equal(
            Theirs(spark, "read", new { path = table.Folder }, snapshot.Schema).Sorted(), Rows.Of(snapshot).Sorted());
        Assert.Equal(20, snapshot.Rows);

        // Versions below the checkpoint come from the JSON alone, and go on being ours to append to.
        Assert.Equal(8, Rows.Of(table.SnapshotAt(3)).Count);
        Assert.Equal(new CommitResult.Committed(12), table.Append((100, "x=y/z%")));
        snapshot = table.LatestSnapshot()!;
        Assert.Equal(
            Theirs(spark, "read", new { path = table.Folder }, snapshot.Schema).Sorted(), Rows.Of(snapshot).Sorted());
        foreach (int version in Enumerable.Range(0, 10))
        {
            File.Delete(_scratch[$"shared/_delta_log/{version:D20}.json"]);
        }

        Assert.Equal(Rows.Of(snapshot).Sorted(), Rows.Of(table.LatestSnapshot()!).Sorted());
        Assert.Equal([12, 11, 10], table.History().Select(h => h.Version));
    }

    [Fact]
    public void Delta_Lake_reads_our_checkpoint_and_goes_on()
    {
        PySparkSession spark = lake.Spark();
        DeltaTable table = DeltaTable.At(_scratch["ours"]);
        table.Append([.. OddParts.Select((p, i) => ((long)i, (string?)p))]);
        for (int i = 1; i < 10; i++)
        {
            table.Append((100 + i, "a b"), (200 + i, null));
        }

        Snapshot read = table.LatestSnapshot()!;
        Transaction change = table.Begin(read);
        change.Remove(read.FilesWhere(("part", "a/b")));
        change.SetTransaction("app", 7);
        Assert.Equal(new CommitResult.Committed(10), change.Commit("DELETE"));
        Assert.True(File.Exists(_scratch["ours/_delta_log/00000000000000000010.checkpoint.parquet"]));
        foreach (int version in Enumerable.Range(0, 10))
        {
            File.Delete(_scratch[$"ours/_delta_log/{version:D20}.json"]);
        }

        // Delta Lake wants the checkpoint's own commit beside it.
        List<string> ours = Rows.Of(table.LatestSnapshot()!).Sorted();
        Assert.Equal(OddParts.Length - 1 + 18, ours.Count);
        Assert.Equal(ours, Theirs(spark, "read", new { path = table.Folder }, table.LatestSnapshot()!.Schema).Sorted());
        string name = $"delta.`{table.Folder}`";
        spark.Call("sql", new { statements = new[] { $"INSERT INTO {name} VALUES (999, 'x')", $"DELETE FROM {name} WHERE id = 101" } });
        Snapshot after = table.LatestSnapshot()!;
        Assert.Equal((12, 7), (after.Version, after.Transactions["app"]));
        Assert.Equal(ours.Count, Rows.Of(after).Count);
        Assert.Equal(Rows.Of(after).Sorted(), Theirs(spark, "read", new { path = table.Folder }, after.Schema).Sorted());
        Assert.Equal(table.Compact(new CompactionOptions()).Version, table.LatestVersion());
        Assert.Equal(Rows.Of(after).Sorted(), Theirs(spark, "read", new { path = table.Folder }, after.Schema).Sorted());
    }

    [Fact]
    public void Checkpoint_in_several_parts_and_application_transactions_are_read()
    {
        PySparkSession spark = lake.Spark();
        DeltaTable table = DeltaTable.At(_scratch["parts"]);
        for (int i = 0; i < 10; i++)
        {
            table.Append((i, "p" + (i % 3)));
        }

        Transaction noted = table.Begin(table.LatestSnapshot()!);
        noted.SetTransaction("app", 7);
        Assert.Equal(new CommitResult.Committed(10), noted.Commit("WRITE"));
        string name = $"delta.`{table.Folder}`";
        spark.Call("configured", new
        {
            confs = new Dictionary<string, string> { ["spark.databricks.delta.checkpoint.partSize"] = "4" },
            statements = new[]
            {
                $"ALTER TABLE {name} SET TBLPROPERTIES ('delta.checkpointInterval' = '6')",
                $"INSERT INTO {name} VALUES (10, 'p1')",
            },
        });
        Assert.True(Directory.GetFiles(_scratch["parts/_delta_log"], "*12.checkpoint.*.parquet").Length > 1);
        foreach (int version in Enumerable.Range(0, 12))
        {
            File.Delete(_scratch[$"parts/_delta_log/{version:D20}.json"]);
        }

        Snapshot snapshot = table.LatestSnapshot()!;
        Assert.Equal(7, snapshot.Transactions["app"]);
        Assert.Equal(Enumerable.Range(0, 11).Select(i => $"{i} | \"p{i % 3}\"").Sorted(), Rows.Of(snapshot).Sorted());
    }

    [Fact]
    public void Times_that_Spark_writes_are_read_in_every_encoding()
    {
        PySparkSession spark = lake.Spark();
        string name = $"delta.`{_scratch["times"]}`";
        spark.Call("sql", new
        {
            statements = new[] { $"CREATE TABLE {name} (file INT, at TIMESTAMP, seen ARRAY<TIMESTAMP>) USING delta" },
        });
        string[] encodings = ["INT96", "TIMESTAMP_MICROS", "TIMESTAMP_MILLIS"];
        var expected = new List<string>();
        for (int i = 0; i < encodings.Length; i++)
        {
            spark.Call("configured", new
            {
                confs = new Dictionary<string, string> { ["spark.sql.parquet.outputTimestampType"] = encodings[i] },
                statements = new[]
                {
                    $"INSERT INTO {name} VALUES ({i}, timestamp'1969-12-31 23:59:59.123', array(timestamp'2026-05-06 07:08:09.012')), "
                    + $"({i}, NULL, NULL), ({i}, timestamp'2300-01-01 00:00:00', array())",
                },
            });
            expected.Add($"{i} | \"1969-12-31 23:59:59.123000\" | [\"2026-05-06 07:08:09.012000\"]");
            expected.Add($"{i} | null | null");
            expected.Add($"{i} | \"2300-01-01 00:00:00.000000\" | []");
        }

        Assert.Equal(expected.Sorted(), Rows.Of(DeltaTable.At(_scratch["times"]).LatestSnapshot()!).Sorted());
    }

    [Fact]
    public void Statistics_agree_with_those_that_Delta_Lake_makes_of_the_same_rows()
    {
        PySparkSession spark = lake.Spark();
        DeltaTable table = DeltaTable.At(_scratch["stats"]);
        Transaction create = table.Begin(null, EveryType.Shape([]));
        create.Add(create.Write(EveryType.Batch(3, 80)));
        create.Commit("WRITE");
        spark.Call("rewrite", new { path = table.Folder, to = _scratch["theirs"] });
        FileStatistics ours = Statistics(table);
        FileStatistics theirs = Statistics(DeltaTable.At(_scratch["theirs"]));
        Assert.Equal((80, 80), (ours.NumRecords, theirs.NumRecords));
        int bounds = 0;
        foreach (string column in table.LatestSnapshot()!.Schema.FieldsList.Select(f => f.Name))
        {
            (ColumnStatistics our, ColumnStatistics their) = (ours.Columns[column], theirs.Columns[column]);
            Assert.Equal(their.NullCount, our.NullCount);
            if (our.Min is null || their.Min is null)
            {
                continue;
            }

            bounds++;
            Assert.Equal(their.Min, our.Min);
            if (our.Max is string text)
            {
                // Both cut and raise. Delta Lake counts 32 UTF-16 units, we code points: U+10FFFF at the start is two.
                Assert.Equal(((string)their.Max!)[..32], text[..32]);
            }
            else if (our.Max is DateTimeOffset time)
            {
                Assert.InRange(time - (DateTimeOffset)their.Max!, TimeSpan.Zero, TimeSpan.FromMilliseconds(1));
            }
            else
            {
                Assert.Equal(their.Max, our.Max);
            }
        }

        // Numbers whose bounds are finite, text, day and time at least.
        Assert.True(bounds >= 7, $"{bounds} columns compared");

        static FileStatistics Statistics(DeltaTable of) =>
            of.LatestSnapshot()!.StatisticsOf(Assert.Single(of.LatestSnapshot()!.Files))!;
    }

    [Fact]
    public void Delta_Lake_loses_no_row_by_skipping_with_our_statistics()
    {
        PySparkSession spark = lake.Spark();
        DeltaTable table = DeltaTable.At(_scratch["skip"]);
        for (int i = 0; i < 4; i++)
        {
            Transaction change = table.Begin(table.LatestSnapshot(), EveryType.Shape([]));
            change.Add(change.Write(EveryType.Batch(10 * i, 10)));
            change.Commit("WRITE");
        }

        (string Column, Func<string, string> Literal)[] columns =
        [
            ("id", c => c + "L"), ("small", c => $"cast('{c}' as smallint)"), ("big", c => $"cast('{c}' as bigint)"),
            ("single", c => $"cast('{c.Trim('"')}' as float)"), ("real", c => $"cast('{c.Trim('"')}' as double)"),
            ("text", c => $"cast(unhex('{Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(JsonSerializer.Deserialize<string>(c)!))}') as string)"),
            ("day", c => $"cast('{c.Trim('"')}' as date)"), ("at", c => $"cast('{c.Trim('"')}' as timestamp)"),
        ];
        var predicates = new List<string>();
        var expected = new List<int>();
        foreach ((string column, Func<string, string> literal) in columns)
        {
            // Negative zero equals zero, so cells are told apart by value.
            List<string> cells = [.. Rows.Of(table.LatestSnapshot()!, [column]).Select(c => c == "-0" ? "0" : c)];
            foreach (string cell in cells.Distinct().Where((_, i) => i % 16 == 1))
            {
                predicates.Add(cell == "null" ? $"{column} IS NULL" : $"{column} = {literal(cell)}");
                expected.Add(cells.Count(c => c == cell));
            }
        }

        Assert.True(predicates.Count > 15, $"{predicates.Count} predicates");
        int[] counted = [.. spark.Call("counts", new { path = table.Folder, predicates }).EnumerateArray().Select(e => e.GetInt32())];
        Assert.Equal(predicates.Zip(expected, (p, n) => $"{p}: {n}"), predicates.Zip(counted, (p, n) => $"{p}: {n}"));
    }

    private static void AssertRefused(string message, string code, Action act)
    {
        var e = Assert.Throws<Core.OneRecException>(act);
        Assert.Equal((message, code, Core.ErrorKind.Table), (e.Message, e.Code, e.Kind));
    }

    private static Dictionary<string, string> Mode(string mode) => new() { ["mode"] = mode };

    private static List<string> Theirs(PySparkSession spark, string function, object arguments, Schema schema) =>
        [.. spark.Call(function, arguments).EnumerateArray()
            .Select(row => string.Join(" | ", schema.FieldsList.Select(f => Rows.Json(row.GetProperty(f.Name)))))];

    private static List<string> Types(JsonElement schema) =>
        [.. schema.GetProperty("fields").EnumerateArray().Select(f =>
            f.GetProperty("name").GetString() + " "
            + Core.CanonicalJson.Write(System.Text.Json.Nodes.JsonNode.Parse(f.GetProperty("type").GetRawText()))
            + f.GetProperty("nullable").GetRawText())];

    private static RecordBatch Items(bool textIds, params string?[] parts)
    {
        int n = parts.Length;
        var embedding = new ListArray.Builder(FloatType.Default);
        var codes = new ListArray.Builder(Int32Type.Default);
        var at = new TimestampArray.Builder(DeltaSchema.Timestamp);
        var day = new Date32Array.Builder();
        for (int i = 0; i < n; i++)
        {
            embedding.Append();
            ((FloatArray.Builder)embedding.ValueBuilder).Append(i + 0.5f).Append(float.MinValue).Append(0.1f);
            if (i % 5 == 4)
            {
                codes.AppendNull();
            }
            else
            {
                codes.Append();
                ((Int32Array.Builder)codes.ValueBuilder).AppendRange(Enumerable.Range(0, i % 3));
            }

            at.Append(new DateTimeOffset(2026, 1, 1, 0, 0, i, TimeSpan.Zero).AddMicroseconds(i));
            _ = i % 6 == 5 ? day.AppendNull() : day.Append(new DateTime(2026, 1, 1 + (i % 4)));
        }

        return Tables.Batch(
            ("item_id", textIds ? Tables.Texts(Enumerable.Range(0, n).Select(i => "id " + i)) : Tables.Longs(Enumerable.Range(0, n).Select(i => long.MaxValue - i))),
            ("embedding", embedding.Build()),
            ("codebook_id", Tables.Texts(parts)),
            ("codes", codes.Build()),
            ("assigned_at", at.Build()),
            ("day", day.Build()));
    }
}
