using System.Text;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Cli.Output;

namespace OneRec.Cli.Tests;

public sealed class ArrowCellTests
{
    [Fact]
    public void Times_are_ISO_8601_with_Z_where_they_have_a_zone()
    {
        var utc = new TimestampType(TimeUnit.Microsecond, "UTC");
        TimestampArray times = new TimestampArray.Builder(utc)
            .Append(new DateTimeOffset(2016, 11, 24, 18, 47, 0, TimeSpan.Zero))
            .Append(new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero).AddTicks(9_999_990))
            .Build();
        Assert.Equal("2016-11-24T18:47:00Z", ArrowCell.Text(times, 0));
        Assert.Equal("1969-12-31T23:59:59.999999Z", ArrowCell.Text(times, 1));
        TimestampArray local = new TimestampArray.Builder(new TimestampType(TimeUnit.Second, (string?)null))
            .Append(new DateTimeOffset(2016, 11, 24, 18, 47, 0, TimeSpan.Zero))
            .Build();
        Assert.Equal("2016-11-24T18:47:00", ArrowCell.Text(local, 0));
    }

    [Fact]
    public void Days_are_dates()
    {
        Date32Array days = new Date32Array.Builder().Append(new DateTime(1970, 1, 1)).Append(new DateTime(1969, 12, 31)).Build();
        Assert.Equal(["1970-01-01", "1969-12-31"], [ArrowCell.Text(days, 0), ArrowCell.Text(days, 1)]);
    }

    [Fact]
    public void Numbers_are_written_so_that_they_read_back_equal_and_what_JSON_lacks_is_text()
    {
        DoubleArray doubles = new DoubleArray.Builder().Append(0.1).Append(double.NaN).Append(1e300).Build();
        Assert.Equal(["0.1", "\"NaN\"", "1E+300"], [Json(doubles, 0), Json(doubles, 1), Json(doubles, 2)]);
        FloatArray floats = new FloatArray.Builder().Append(0.1f).Append(float.PositiveInfinity).Build();
        Assert.Equal(["0.1", "\"Infinity\""], [Json(floats, 0), Json(floats, 1)]);
        Int64Array longs = new Int64Array.Builder().Append(long.MaxValue).Build();
        Assert.Equal("9223372036854775807", Json(longs, 0));
        UInt64Array large = new UInt64Array.Builder().Append(ulong.MaxValue).Build();
        Assert.Equal("18446744073709551615", Json(large, 0));
        Decimal128Array decimals = new Decimal128Array.Builder(new Decimal128Type(38, 0)).Append(12345678901234567890m).Build();
        Assert.Equal("12345678901234567890", Json(decimals, 0));
    }

    [Fact]
    public void Lists_of_a_sliced_batch_are_those_of_the_slice()
    {
        ListArray.Builder lists = new(Int32Type.Default);
        for (int i = 0; i < 3; i++)
        {
            lists.Append();
            ((Int32Array.Builder)lists.ValueBuilder).Append(i).Append(10 * i);
        }

        using IArrowArray slice = ArrowArrayFactory.Slice(lists.Build(), 1, 2);
        Assert.Equal(["[1,10]", "[2,20]"], [ArrowCell.Text(slice, 0), ArrowCell.Text(slice, 1)]);
    }

    [Fact]
    public void Records_text_of_all_scripts_booleans_and_bytes_are_written()
    {
        StringArray text = new StringArray.Builder().Append("Misérables \"七\"").Build();
        Assert.Equal("\"Misérables \\\"七\\\"\"", Json(text, 0));
        BooleanArray flags = new BooleanArray.Builder().Append(true).AppendNull().Build();
        Assert.Equal(["true", "null"], [Json(flags, 0), Json(flags, 1)]);
        BinaryArray bytes = new BinaryArray.Builder().Append(new byte[] { 1, 255 }.AsSpan()).Build();
        Assert.Equal("\"01ff\"", Json(bytes, 0));
        var record = new StructArray(
            new StructType([new Field("a", Int32Type.Default, true), new Field("b", StringType.Default, true)]),
            1,
            [new Int32Array.Builder().Append(1).Build(), new StringArray.Builder().AppendNull().Build()],
            ArrowBuffer.Empty);
        Assert.Equal("{\"a\":1,\"b\":null}", Json(record, 0));
        Assert.Null(ArrowCell.Text(new NullArray(1), 0));
    }

    private static string Json(IArrowArray array, int row)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, ArrowCell.Json))
        {
            ArrowCell.WriteJson(writer, array, row);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
