using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Testing;
using ParquetSharp.Arrow;

namespace OneRec.Delta.Tests;

/// <summary>Columns of times without a zone (feature <c>timestampNtz</c>): read, not written.</summary>
public sealed class TimestampNtzTests : IDisposable
{
    private const string Schema =
        """{"type":"struct","fields":[{"name":"at","type":"timestamp_ntz","nullable":true,"metadata":{}},{"name":"day","type":"timestamp_ntz","nullable":true,"metadata":{}}]}""";

    private readonly ScratchFolder _scratch = new();
    private readonly HandLog _log;

    public TimestampNtzTests() => _log = new HandLog(_scratch["t"]);

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(TimeUnit.Microsecond, "2026-01-02 03:04:05.123456")]
    [InlineData(TimeUnit.Nanosecond, "2026-01-02 03:04:05.123456")]
    [InlineData(TimeUnit.Millisecond, "2026-01-02 03:04:05.123000")]
    public void Times_of_any_unit_are_read_and_files_are_found_by_them(TimeUnit unit, string expected)
    {
        Write(new TimestampType(unit, (string?)null));
        Snapshot snapshot = _log.Table.LatestSnapshot()!;
        Assert.Null(((TimestampType)snapshot.Schema.FieldsList[0].DataType).Timezone);
        Assert.Equal([$"\"{expected}\" | \"2026-01-02 00:00:00.000000\"", "null | \"2026-01-02 00:00:00.000000\""], Rows.Of(snapshot));

        DateTimeOffset there = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 123, TimeSpan.Zero).AddMicroseconds(456);
        Assert.Single(snapshot.FilesWhere(("at", there)));
        Assert.Empty(snapshot.FilesWhere(("at", there.AddSeconds(1))));
        Assert.Single(snapshot.FilesWhere(("day", new DateTimeOffset(2026, 1, 2, 0, 0, 0, TimeSpan.Zero))));
        Assert.Empty(snapshot.FilesWhere(("day", there)));
    }

    [Fact]
    public void Time_with_a_zone_in_such_a_column_is_refused_because_it_is_another_time()
    {
        Write(DeltaSchema.Timestamp);
        var e = Assert.Throws<OneRecException>(() => Rows.Of(_log.Table.LatestSnapshot()!));
        Assert.Equal((ErrorKind.Table, "delta.column-type"), (e.Kind, e.Code));
        Assert.Contains("/a.parquet", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_is_not_written()
    {
        Write(DeltaSchema.TimestampNtz);
        Assert.Equal(
            $"{_log.Folder} version 0 needs 'timestampNtz', which is not supported; rewrite the table without it",
            Assert.Throws<OneRecException>(() => _log.Table.Begin(_log.Table.LatestSnapshot()!)).Message);
    }

    /// <summary>One file: a time and a null.</summary>
    private void Write(TimestampType type)
    {
        long at = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 123, TimeSpan.Zero).ToUnixTimeMilliseconds();
        long value = type.Unit switch
        {
            TimeUnit.Millisecond => at,
            TimeUnit.Nanosecond => ((at * 1_000) + 456) * 1_000,
            _ => (at * 1_000) + 456,
        };
        Directory.CreateDirectory(_log.Folder);
        string path = Path.Combine(_log.Folder, "a.parquet");
        var schema = new Schema([new Field("at", type, true)], null);
        using (ArrowWriterProperties stored = new ArrowWriterPropertiesBuilder().StoreSchema().Build())
        using (var properties = ParquetSharp.WriterProperties.GetDefaultWriterProperties())
        using (var writer = new FileWriter(path, schema, properties, stored))
        {
            var times = new TimestampArray(
                type, new ArrowBuffer.Builder<long>().Append(value).Append(0).Build(),
                new ArrowBuffer.BitmapBuilder().Append(true).Append(false).Build(), 2, 1, 0);
            using var batch = new RecordBatch(schema, [times], 2);
            writer.WriteRecordBatch(batch);
            writer.Close();
        }

        _log.Commit(
            0,
            HandLog.Protocol(3, 7, """["timestampNtz"]""", """["timestampNtz"]"""),
            HandLog.MetaData(Schema, "[\"day\"]"),
            HandLog.Add(
                "a.parquet", new FileInfo(path).Length, """{"day":"2026-01-02 00:00:00"}""",
                """{"numRecords":2,"minValues":{"at":"2026-01-02T03:04:05.123"},"maxValues":{"at":"2026-01-02T03:04:05.123"},"nullCount":{"at":1}}"""));
    }
}
