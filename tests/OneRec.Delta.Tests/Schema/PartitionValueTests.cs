using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Texts of partition values against the protocol's table "Partition Value Serialization".</summary>
public sealed class PartitionValueTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("long", "-9223372036854775808", "-9223372036854775808")]
    [InlineData("byte", "127", "127")]
    [InlineData("string", "a/b %ü\"\n", "\"a/b %\\u00FC\\u0022\\n\"")]
    [InlineData("string", "", "null")]
    [InlineData("long", "", "null")]
    [InlineData("long", null, "null")]
    [InlineData("boolean", "true", "true")]
    [InlineData("date", "0001-01-01", "\"0001-01-01\"")]
    [InlineData("date", "9999-12-31", "\"9999-12-31\"")]
    [InlineData("timestamp", "2026-01-02 03:04:05", "\"2026-01-02 03:04:05.000000\"")]
    [InlineData("timestamp", "2026-01-02 03:04:05.000006", "\"2026-01-02 03:04:05.000006\"")]
    [InlineData("timestamp", "1969-12-31 23:59:59.5", "\"1969-12-31 23:59:59.500000\"")]
    [InlineData("timestamp", "2026-01-02T03:04:05.123456Z", "\"2026-01-02 03:04:05.123456\"")]
    [InlineData("timestamp", "2026-01-02T03:04:05.123456+02:00", "\"2026-01-02 01:04:05.123456\"")]
    [InlineData("double", "-0.0", "-0")]
    [InlineData("double", "NaN", "\"NaN\"")]
    [InlineData("double", "-Infinity", "\"-Infinity\"")]
    [InlineData("float", "0.1", "0.10000000149011612")]
    [InlineData("decimal(5,2)", "-1.5", "\"-1.50\"")]
    [InlineData("binary", "ab", "\"6162\"")]
    public void Text_of_another_writer_is_read(string type, string? text, string cell)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            Assert.Equal([cell, cell], Rows.Of(Table(type, text).LatestSnapshot()!, ["p"]));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("byte", "128")]
    [InlineData("long", "9223372036854775808")]
    [InlineData("long", "1.0")]
    [InlineData("long", " 1")]
    [InlineData("date", "2026-02-30")]
    [InlineData("timestamp", "2026-01-02")]
    [InlineData("boolean", "yes")]
    [InlineData("decimal(5,2)", "1.234")]
    [InlineData("decimal(5,2)", "1e60")]
    public void Text_that_is_none_of_the_type_is_a_table_error(string type, string text)
    {
        Snapshot snapshot = Table(type, text).LatestSnapshot()!;
        string message = $"{_scratch["t"]} version 0: '{text}' is not a valid {type} for partition column 'p' of a.parquet; rewrite the table";
        AssertRefused(message, () => Rows.Of(snapshot));

        // More decimals than the column has: only filling the column in tells.
        if (text != "1.234")
        {
            AssertRefused(message, () => _ = snapshot.FilesWhere(("p", null)).ToList());
        }
    }

    [Fact]
    public void Null_where_the_column_may_not_be_null_is_a_table_error()
    {
        Snapshot snapshot = Table("string", null, nullable: false).LatestSnapshot()!;
        var e = Assert.Throws<OneRecException>(() => Rows.Of(snapshot));
        Assert.Equal(
            ($"{_scratch["t"]} version 0: a.parquet has no column 'p', which is not nullable; rewrite the table", "delta.column-missing"),
            (e.Message, e.Code));
    }

    [Fact]
    public void Values_are_written_as_the_protocol_spells_them()
    {
        DeltaTable table = DeltaTable.At(_scratch["w"]);
        TableShape shape = Tables.Shape(
            ["s", "l", "b", "d", "t"],
            ("id", Int64Type.Default, false), ("s", StringType.Default, true), ("l", Int64Type.Default, true),
            ("b", BooleanType.Default, true), ("d", Date32Type.Default, true), ("t", DeltaSchema.Timestamp, true));
        Transaction create = table.Begin(null, shape);
        IReadOnlyList<DataFile> files = create.Write(Tables.Batch(
            ("id", Tables.Longs(0, 1)),
            ("s", Tables.Texts("x=ü/%\"", null)),
            ("l", new Int64Array.Builder().Append(long.MinValue).AppendNull().Build()),
            ("b", new BooleanArray.Builder().Append(false).AppendNull().Build()),
            ("d", new Date32Array.Builder().Append(new DateTime(1, 1, 1)).AppendNull().Build()),
            ("t", new TimestampArray.Builder(DeltaSchema.Timestamp).Append(new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero).AddMicroseconds(7)).AppendNull().Build())));
        Assert.Equal(
            ["s=x=ü/%\"", "l=-9223372036854775808", "b=false", "d=0001-01-01", "t=1969-12-31 23:59:59.000007"],
            files[0].PartitionValues.Select(v => $"{v.Key}={v.Value}"));
        Assert.All(files[1].PartitionValues.Values, Assert.Null);
        Assert.StartsWith(
            "s=x%253D%C3%BC%252F%2525%2522/l=-9223372036854775808/b=false/d=0001-01-01/t=1969-12-31%2023%253A59%253A59.000007/part-",
            files[0].Path, StringComparison.Ordinal);
        string n = "__HIVE_DEFAULT_PARTITION__";
        Assert.StartsWith($"s={n}/l={n}/b={n}/d={n}/t={n}/part-", files[1].Path, StringComparison.Ordinal);
    }

    [Fact]
    public void Value_too_long_for_a_folder_is_whole_in_the_log()
    {
        DeltaTable table = DeltaTable.At(_scratch["long"]);
        string value = new('日', 300);
        table.Append((1, value), (2, value + "x"));
        Assert.Equal(2, Directory.GetDirectories(table.Folder, "part=*").Length);
        Assert.Equal([value, value + "x"], table.LatestSnapshot()!.Files.Select(f => f.PartitionValues["part"]).Order(StringComparer.Ordinal));
        Assert.Equal([2], Ids(table, value + "x"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Value_without_a_text_is_an_input_error_and_leaves_no_file(bool afterGoodRows)
    {
        DeltaTable table = DeltaTable.At(_scratch["bad"]);
        (IArrowArray Good, IArrowArray Bad, string What)[] cases =
        [
            (Tables.Texts("a"), Tables.Texts(""), "an empty text would be read back as null"),
            (Tables.Texts("a"), Bytes(0xff), "text that is not valid UTF-8 cannot be written to the log"),
            (Days(0), Days(int.MaxValue), "a date outside the years 1 to 9999 cannot be written as text"),
            (Days(0), Days(-719_163), "a date outside the years 1 to 9999 cannot be written as text"),
            (Times(0), Times(253_402_300_800_000_000), "a time outside the years 1 to 9999 cannot be written as text"),
            (Times(0), Times(long.MinValue), "a time outside the years 1 to 9999 cannot be written as text"),
        ];
        foreach ((IArrowArray good, IArrowArray bad, string what) in cases)
        {
            Transaction create = table.Begin(
                null, Tables.Shape(["p"], ("id", Int64Type.Default, false), ("p", bad.Data.DataType, true)));
            using (DataFileWriter writer = create.OpenWriter())
            {
                if (afterGoodRows)
                {
                    writer.Write(Tables.Batch(("id", Tables.Longs(1)), ("p", good)));
                }

                var e = Assert.Throws<OneRecException>(() => writer.Write(Tables.Batch(("id", Tables.Longs(1)), ("p", bad))));
                Assert.Equal(
                    ($"{table.Folder}: partition column 'p' row {(afterGoodRows ? 1 : 0)} (from 0): {what}", "delta.partition-value", ErrorKind.Input),
                    (e.Message, e.Code, e.Kind));
            }

            Assert.Empty(Directory.GetFiles(table.Folder, "*", SearchOption.AllDirectories));
        }
    }

    private static void AssertRefused(string message, Action act)
    {
        var e = Assert.Throws<OneRecException>(act);
        Assert.Equal((message, "delta.partition-value", ErrorKind.Table), (e.Message, e.Code, e.Kind));
    }

    private static List<long> Ids(DeltaTable table, string part)
    {
        Snapshot snapshot = table.LatestSnapshot()!;
        return [.. Rows.Of(snapshot.Scan(["id"], snapshot.FilesWhere(("part", part)))).Select(long.Parse)];
    }

    private static IArrowArray Bytes(byte value) => ArrowArrayFactory.BuildArray(new ArrayData(
        StringType.Default, 1, 0, 0,
        [ArrowBuffer.Empty, new ArrowBuffer.Builder<int>().Append(0).Append(1).Build(), new ArrowBuffer(new[] { value })]));

    private static IArrowArray Days(int day) => ArrowArrayFactory.BuildArray(new ArrayData(
        Date32Type.Default, 1, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer.Builder<int>().Append(day).Build()]));

    private static IArrowArray Times(long microseconds) => ArrowArrayFactory.BuildArray(new ArrayData(
        DeltaSchema.Timestamp, 1, 0, 0, [ArrowBuffer.Empty, new ArrowBuffer.Builder<long>().Append(microseconds).Build()]));

    /// <summary>A table of two rows in one file whose partition value is given as the log has it.</summary>
    private DeltaTable Table(string type, string? text, bool nullable = true)
    {
        var log = new HandLog(_scratch["t"]);
        DeltaTable source = DeltaTable.At(_scratch["source"]);
        Transaction create = source.Begin(null, Tables.Ids);
        DataFile file = Assert.Single(create.Write(Tables.Batch(("id", Tables.Longs(1, 2)))));
        string values = System.Text.Json.JsonSerializer.Serialize(new Dictionary<string, string?> { ["p"] = text });
        log.Commit(
            0,
            HandLog.Protocol(),
            HandLog.MetaData($$$"""{"type":"struct","fields":[{"name":"id","type":"long","nullable":false,"metadata":{}},{"name":"p","type":"{{{type}}}","nullable":{{{(nullable ? "true" : "false")}}},"metadata":{}}]}"""),
            HandLog.Add("a.parquet", file.Size, values));
        File.Move(Path.Combine(source.Folder, file.Path), Path.Combine(log.Folder, "a.parquet"), overwrite: true);
        return log.Table;
    }
}
