using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>What we make of statistics that others write.</summary>
public sealed class StatisticsReaderTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Statistics_of_delta_rs_bound_what_its_rows_say()
    {
        Snapshot snapshot = DeltaTable.At(Path.Combine(Desk.DeltaRsTables(), "types")).LatestSnapshot()!;
        FileStatistics statistics = snapshot.StatisticsOf(Assert.Single(snapshot.Files))!;
        Assert.Equal(2, statistics.NumRecords);
        Assert.Equal(new ColumnStatistics(true, true, 1), statistics.Columns["b"]);
        Assert.Equal(new ColumnStatistics(-1L, 1L, 0), statistics.Columns["i8"]);
        Assert.Equal(new ColumnStatistics(4611686018427387904L, 4611686018427387904L, 1), statistics.Columns["i64"]);
        Assert.Equal(new ColumnStatistics(0.5, 0.5, 1), statistics.Columns["f32"]);
        Assert.Equal(new ColumnStatistics(1e300, 1e300, 1), statistics.Columns["f64"]);
        Assert.Equal(new ColumnStatistics("", "日本", 0), statistics.Columns["s"]);
        Assert.Equal(new ColumnStatistics(new DateOnly(2026, 11, 23), new DateOnly(2026, 11, 23), 1), statistics.Columns["d"]);

        // The row holds ...456789 and the log ...456: the upper bound ends the millisecond.
        var cut = new DateTimeOffset(2026, 11, 23, 1, 2, 3, 456, TimeSpan.Zero);
        Assert.Equal(new ColumnStatistics(cut, cut.AddMicroseconds(999), 1), statistics.Columns["ts"]);
        Assert.False(statistics.Columns.ContainsKey("st"));
        Assert.False(statistics.Columns.ContainsKey("bin"));
    }

    [Theory]
    [InlineData("float", "0.1", "0.10000000149011612")]
    [InlineData("float", "0.10000000149011612", "0.10000000149011612")]
    [InlineData("double", "0.1", "0.1")]
    [InlineData("double", "\"Infinity\"", null)]
    [InlineData("double", "1e999", null)]
    [InlineData("long", "9223372036854775807", "9223372036854775807")]
    [InlineData("long", "1.0", null)]
    [InlineData("long", "\"1\"", null)]
    [InlineData("decimal(15,2)", "12.34", "12.34")]
    [InlineData("decimal(16,2)", "12.34", null)]
    [InlineData("date", "\"2026-02-03\"", "02/03/2026")]
    [InlineData("date", "\"+10000-01-01\"", null)]
    [InlineData("timestamp", "\"2026-02-03T04:05:06.789-08:00\"", "02/03/2026 04:05:06 -08:00")]
    [InlineData("timestamp", "\"soon\"", null)]
    [InlineData("string", "5", null)]
    [InlineData("boolean", "false", "False")]
    [InlineData("binary", "\"a\"", null)]
    public void Bound_that_is_none_of_the_type_or_not_exact_is_left_out(string type, string json, string? min)
    {
        FileStatistics? statistics = Of(type, $$$"""{"numRecords":1,"minValues":{"c":{{{json}}}}}""");
        object? read = statistics!.Columns.GetValueOrDefault("c")?.Min;
        Assert.Equal(min, read is null ? null : Convert.ToString(read, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    public void Statistics_that_cannot_be_read_are_none(string? json) => Assert.Null(Of("long", json));

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"numRecords":"1","minValues":[],"maxValues":null,"nullCount":{"c":{"x":1}}}""")]
    public void Parts_that_cannot_be_read_are_left_out(string json)
    {
        FileStatistics? statistics = Of("long", json);
        Assert.Null(statistics!.NumRecords);
        Assert.Empty(statistics.Columns);
    }

    private FileStatistics? Of(string type, string? json)
    {
        var log = new HandLog(_scratch["t"]);
        log.Commit(
            0, HandLog.Protocol(),
            HandLog.MetaData($$$"""{"type":"struct","fields":[{"name":"c","type":"{{{type}}}","nullable":true,"metadata":{}}]}""", "[]"),
            HandLog.Add("a.parquet", stats: json));
        Snapshot snapshot = log.Table.LatestSnapshot()!;
        return snapshot.StatisticsOf(snapshot.Files[0]);
    }
}
