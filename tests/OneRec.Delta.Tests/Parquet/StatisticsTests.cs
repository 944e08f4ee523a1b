using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Statistics of a file against texts written by hand (protocol, "Per-file Statistics") and a slow walk.</summary>
public sealed class StatisticsTests : IDisposable
{
    private const string Top = "\U0010FFFF";
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Each_type_has_the_bounds_that_other_readers_know() => Assert.Equal(
        """{"numRecords":3,"minValues":{"tiny":-128,"small":-2,"whole":-2147483648,"big":-9223372036854775808,"single":-0.1,"real":-1E-300,"text":"Z","day":"0001-01-01","at":"1969-12-31T23:59:59.999Z"},"maxValues":{"tiny":127,"small":3,"whole":7,"big":9223372036854775807,"single":3.4028235E+38,"real":0.1,"text":"日","day":"9999-12-31","at":"2026-01-01T00:00:00.001Z"},"nullCount":{"flag":1,"tiny":1,"small":1,"whole":1,"big":1,"single":1,"real":1,"text":1,"bytes":1,"day":1,"at":1,"price":1,"list":1}}""",
        Stats(
            ("flag", new BooleanArray.Builder().Append(true).AppendNull().Append(false).Build()),
            ("tiny", new Int8Array.Builder().Append(sbyte.MaxValue).AppendNull().Append(sbyte.MinValue).Build()),
            ("small", new Int16Array.Builder().Append(3).AppendNull().Append(-2).Build()),
            ("whole", new Int32Array.Builder().Append(7).AppendNull().Append(int.MinValue).Build()),
            ("big", new Int64Array.Builder().Append(long.MaxValue).AppendNull().Append(long.MinValue).Build()),
            ("single", new FloatArray.Builder().Append(-0.1f).AppendNull().Append(float.MaxValue).Build()),
            ("real", new DoubleArray.Builder().Append(0.1).AppendNull().Append(-1e-300).Build()),
            ("text", Tables.Texts("Z", null, "日")),
            ("bytes", new BinaryArray.Builder().Append([1]).AppendNull().Append([2]).Build()),
            ("day", new Date32Array.Builder().Append(new DateTime(1, 1, 1)).AppendNull().Append(new DateTime(9999, 12, 31)).Build()),
            ("at", new TimestampArray.Builder(DeltaSchema.Timestamp)
                .Append(DateTimeOffset.UnixEpoch.AddMicroseconds(-1)).AppendNull()
                .Append(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMicroseconds(1)).Build()),
            ("price", new Decimal128Array.Builder(new Decimal128Type(5, 2)).Append(1.5m).AppendNull().Append(2m).Build()),
            ("list", Tables.LongLists([1], null, []))));

    [Fact]
    public void NaN_leaves_a_column_without_bounds_and_infinity_a_side()
    {
        Assert.Equal(
            """{"numRecords":4,"minValues":{"b":-1,"d":-0.0},"maxValues":{"c":2,"d":0.0},"nullCount":{"a":0,"b":0,"c":1,"d":0}}""",
            Stats(
                ("a", Reals(1, double.NaN, 2, 3)),
                ("b", Reals(-1, double.PositiveInfinity, 0, 0)),
                ("c", Reals(2, double.NegativeInfinity, null, 1)),
                ("d", Reals(-0.0, 0.0, -0.0, 0.0))));
    }

    [Fact]
    public void Zero_is_bounded_by_both_zeros_whichever_it_is() => Assert.Equal(
        """{"numRecords":2,"minValues":{"plus":-0.0,"minus":-0.0,"below":-1,"single":-0.0,"tiny":-5E-324},"maxValues":{"plus":0.0,"minus":0.0,"below":0.0,"single":1.5,"tiny":0.0},"nullCount":{"plus":0,"minus":0,"below":0,"single":0,"tiny":0}}""",
        Stats(
            ("plus", Reals(0.0, 0.0)),
            ("minus", Reals(-0.0, -0.0)),
            ("below", Reals(-1, -0.0)),
            ("single", new FloatArray.Builder().Append(0.0f).Append(1.5f).Build()),
            ("tiny", Reals(-double.Epsilon, -0.0))));

    [Fact]
    public void What_has_no_finite_bound_has_none() => Assert.Equal(
        """{"numRecords":2,"minValues":{"early":"0001-01-01T00:00:00.000Z"},"maxValues":{},"nullCount":{"nan":0,"infinite":0,"nans":1,"early":0,"times":0,"late":0,"days":0}}""",
        Stats(
            ("nan", new FloatArray.Builder().Append(float.NaN).Append(1).Build()),
            ("infinite", Reals(double.NegativeInfinity, double.PositiveInfinity)),
            ("nans", Reals(double.NaN, null)),
            ("early", Times(-62_135_596_800_000_000, 253_402_300_799_999_001)),
            ("times", Times(long.MinValue, long.MaxValue)),
            ("late", Times(253_402_300_800_000_000, 253_402_300_800_000_000)),
            ("days", new Date32Array(new ArrowBuffer.Builder<int>().Append(int.MinValue).Append(int.MaxValue).Build(), ArrowBuffer.Empty, 2, 0, 0))));

    [Fact]
    public void Column_of_nulls_has_no_bounds_and_a_struct_no_statistics()
    {
        var structure = new StructType([new Field("x", Int64Type.Default, true)]);
        Assert.Equal(
            """{"numRecords":2,"minValues":{"z":1},"maxValues":{"z":2},"nullCount":{"n":2,"z":0}}""",
            Stats(
                ("n", Tables.Texts(null, null)),
                ("s", new StructArray(structure, 2, [Tables.Longs(1, 2)], ArrowBuffer.Empty, 0)),
                ("z", Tables.Longs(2, 1))));
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("a", "a", "a")]
    [InlineData("32 characters long, to the letter", "32 characters long, to the lette", "32 characters long, to the lette" + Top)]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀!", "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀", "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀" + Top)]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + Top + Top + "y", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + Top + Top + Top)]
    [InlineData("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + Top, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" + Top)]
    public void Long_text_is_cut_and_the_upper_bound_raised(string text, string min, string max)
    {
        using JsonDocument stats = JsonDocument.Parse(Stats(("t", Tables.Texts(text))));
        Assert.Equal(min, stats.RootElement.GetProperty("minValues").GetProperty("t").GetString());
        Assert.Equal(max, stats.RootElement.GetProperty("maxValues").GetProperty("t").GetString());
    }

    [Fact]
    public void Text_is_ordered_by_UTF8_bytes_not_by_UTF16()
    {
        // U+FFFF comes before U+1F600, whose first UTF-16 unit is smaller.
        using JsonDocument stats = JsonDocument.Parse(Stats(("t", Tables.Texts("\uffff", "\U0001F600", "\uffff"))));
        Assert.Equal("\uffff", stats.RootElement.GetProperty("minValues").GetProperty("t").GetString());
        Assert.Equal("\U0001F600", stats.RootElement.GetProperty("maxValues").GetProperty("t").GetString());
    }

    [Fact]
    public void Only_the_first_columns_are_watched_as_the_property_says()
    {
        (string, IArrowArray)[] columns = [.. Enumerable.Range(0, 40).Select(i => ($"c{i}", (IArrowArray)Tables.Longs(i)))];
        Assert.Equal(32, Watched("absent"));
        Assert.Equal(2, Watched("2"));
        Assert.Equal(0, Watched("0"));
        Assert.Equal(40, Watched("-1"));

        int Watched(string property)
        {
            using JsonDocument stats = JsonDocument.Parse(Stats(
                property == "absent" ? Tables.NoProperties : new Dictionary<string, string> { ["delta.dataSkippingNumIndexedCols"] = property },
                columns));
            return stats.RootElement.GetProperty("nullCount").EnumerateObject().Count();
        }
    }

    [Fact]
    public void Bounds_hold_every_value_however_the_rows_are_cut() => Gen.Select(Gen.ULong, Gen.Int[1, 60], Gen.Int[1, 4]).Sample(
        (seed, rows, pieces) =>
        {
            foreach (IArrowType type in new IArrowType[] { Int16Type.Default, Int64Type.Default, DoubleType.Default, StringType.Default, DeltaSchema.Timestamp, Date32Type.Default })
            {
                var random = new SplitMix64(seed);
                IArrowArray array = Cells.Build(type, rows, ref random, 0.3);
                var bounds = ColumnBounds.For(type);
                for (int piece = 0; piece < pieces; piece++)
                {
                    int first = rows * piece / pieces;
                    bounds.Add(array.Data.Slice(first, (rows * (piece + 1) / pieces) - first));
                }

                string[] there = [.. Enumerable.Range(0, rows).Where(i => !array.IsNull(i)).Select(i => Rows.Cell(array, i))];
                Assert.Equal(rows - there.Length, bounds.Nulls);
                (string? min, string? max) = (Bound(bounds.WriteMin), Bound(bounds.WriteMax));
                Assert.All(there, cell =>
                {
                    Assert.True(min is null || Order(type, min, cell) <= 0, $"{min} is above {cell}");
                    Assert.True(max is null || Order(type, max, cell) >= 0, $"{max} is below {cell}");
                });
                Assert.True(there.Length == 0 || type is DoubleType || (min is not null && max is not null));
            }
        },
        iter: 200);

    private static string? Bound(Action<Utf8JsonWriter, string> write)
    {
        using var bytes = new MemoryStream();
        using (var w = new Utf8JsonWriter(bytes))
        {
            w.WriteStartObject();
            write(w, "x");
            w.WriteEndObject();
        }

        using JsonDocument document = JsonDocument.Parse(bytes.ToArray());
        return document.RootElement.TryGetProperty("x", out JsonElement x) ? x.GetRawText() : null;
    }

    private static int Order(IArrowType type, string bound, string cell) => type switch
    {
        StringType => Encoding.UTF8.GetBytes(JsonSerializer.Deserialize<string>(bound)!).AsSpan()
            .SequenceCompareTo(Encoding.UTF8.GetBytes(JsonSerializer.Deserialize<string>(cell)!)),
        Int16Type or Int64Type => long.Parse(bound).CompareTo(long.Parse(cell)),
        DoubleType => double.Parse(bound).CompareTo(double.Parse(cell.Trim('"'))),

        // Bounds spell a time with T and Z and milliseconds, cells with a blank and microseconds: digits order alike.
        _ => string.CompareOrdinal(bound.Trim('"').Replace('T', ' ').TrimEnd('Z').PadRight(26, '0'), cell.Trim('"').PadRight(26, '0')),
    };

    private static DoubleArray Reals(params double?[] values) =>
        values.Aggregate(new DoubleArray.Builder(), (b, v) => b.Append(v)).Build();

    private static TimestampArray Times(params long[] microseconds) => new(
        DeltaSchema.Timestamp, new ArrowBuffer.Builder<long>().AppendRange(microseconds).Build(), ArrowBuffer.Empty, microseconds.Length, 0, 0);

    private string Stats(params (string Name, IArrowArray Array)[] columns) => Stats(Tables.NoProperties, columns);

    private string Stats(IReadOnlyDictionary<string, string> properties, params (string Name, IArrowArray Array)[] columns)
    {
        TableShape shape = Tables.Shape([], [.. columns.Select(c => (c.Name, Type(c.Array.Data.DataType), true))]);
        Transaction create = DeltaTable.At(_scratch["t"]).Begin(null, shape with { Configuration = properties });
        return Assert.Single(create.Write(Tables.Batch(columns))).StatsJson;
    }

    private static IArrowType Type(IArrowType type) => type is ListType list ? Tables.ListOf(list.ValueDataType, nullable: true) : type;
}
