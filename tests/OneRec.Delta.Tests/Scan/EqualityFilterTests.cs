using System.Globalization;
using Apache.Arrow;
using CsCheck;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>A filter may keep a file too many and never one too few.</summary>
public sealed class EqualityFilterTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void No_row_is_lost_for_any_value_of_any_type()
    {
        string[] filtered = ["id", "flag", "tiny", "small", "whole", "big", "single", "real", "text", "day", "at", "price"];
        int table = 0;
        Gen.Int[0, 1_000_000].Sample(
            seed =>
            {
                Snapshot snapshot = EveryTypeTable(_scratch[$"t{table++}"], seed);
                foreach (AddFile file in snapshot.Files)
                {
                    foreach (RecordBatch batch in snapshot.Scan(filtered, [file]))
                    {
                        using (batch)
                        {
                            for (int i = 0; i < batch.Length; i++)
                            {
                                foreach (string column in filtered)
                                {
                                    object? value = Value(batch.Column(column), i);
                                    Assert.True(
                                        snapshot.FilesWhere((column, value)).Contains(file),
                                        $"{column} = {value ?? "null"} is in {file.Path} {file.StatsJson}");
                                }

                                Assert.Contains(file, snapshot.FilesWhere(
                                    ("text", Value(batch.Column("text"), i)), ("single", Value(batch.Column("single"), i))));
                            }
                        }
                    }
                }

                // It does skip: ids of the files do not overlap.
                Assert.Single(snapshot.FilesWhere(("id", (long)seed)));
                Assert.Empty(snapshot.FilesWhere(("id", -1)));
                Assert.Empty(snapshot.FilesWhere(("id", null)));
            },
            iter: 12, threads: 1);
    }

    [Fact]
    public void Partitions_are_told_apart_by_value_and_null()
    {
        DeltaTable table = DeltaTable.At(_scratch["parts"]);
        table.Append((1, "a"), (2, "A"), (3, null), (4, "a/b"), (5, "é"), (6, "e\u0301"));
        Snapshot snapshot = table.LatestSnapshot()!;
        foreach ((long id, string? part) in new[] { (1L, "a"), (2, "A"), (3, null), (4, "a/b"), (5, "é"), (6, (string?)"e\u0301") })
        {
            Assert.Equal([$"{id}"], Rows.Of(snapshot.Scan(["id"], snapshot.FilesWhere(("part", part)))));
        }

        Assert.Empty(snapshot.FilesWhere(("part", "b")));
        Assert.Empty(snapshot.FilesWhere(("part", "a"), ("id", 2L)));
        Assert.Equal(6, snapshot.FilesWhere().Count());
    }

    [Fact]
    public void Files_without_statistics_are_kept()
    {
        Snapshot snapshot = new HandLog(_scratch["none"]).Create(
            HandLog.Add("none.parquet"),
            HandLog.Add("rows.parquet", stats: """{"numRecords":3}"""),
            HandLog.Add("nulls.parquet", stats: """{"numRecords":3,"nullCount":{"id":3}}"""),
            HandLog.Add("some.parquet", stats: """{"numRecords":3,"nullCount":{"id":0},"minValues":{"id":5}}"""))
            .Table.LatestSnapshot()!;
        Assert.Equal(["none.parquet", "rows.parquet"], Names(4));
        Assert.Equal(["none.parquet", "rows.parquet", "some.parquet"], Names(5));
        Assert.Equal(["none.parquet", "rows.parquet", "nulls.parquet"], Names(null));

        IEnumerable<string> Names(long? id) => snapshot.FilesWhere(("id", id)).Select(f => f.Path);
    }

    [Fact]
    public void Misuse_is_an_argument_error()
    {
        DeltaTable table = DeltaTable.At(_scratch["misuse"]);
        table.Append((1, "a"));
        Snapshot snapshot = table.LatestSnapshot()!;
        Assert.Equal(
            $"{table.Folder} has no column 'sid' (Parameter 'equal')",
            Assert.Throws<ArgumentException>(() => snapshot.FilesWhere(("sid", 1))).Message);
        Assert.Equal(
            "column 'id' has type long, but the value is a String",
            Assert.Throws<ArgumentException>(() => snapshot.FilesWhere(("id", "1"))).Message);
    }

    /// <summary>Three files of 25 rows; ids of a file are consecutive from the seed.</summary>
    private static Snapshot EveryTypeTable(string folder, int seed)
    {
        DeltaTable table = DeltaTable.At(folder);
        for (int i = 0; i < 3; i++)
        {
            Transaction change = table.Begin(table.LatestSnapshot(), EveryType.Shape([]));
            change.Add(change.Write(EveryType.Batch(seed + (25 * i), 25)));
            change.Commit("WRITE");
        }

        return table.LatestSnapshot()!;
    }

    private static object? Value(IArrowArray array, int i) => array.IsNull(i) ? null : array switch
    {
        Int8Array a => a.GetValue(i),
        Int16Array a => a.GetValue(i),
        Int32Array a => a.GetValue(i),
        Int64Array a => a.GetValue(i),
        FloatArray a => a.GetValue(i),
        DoubleArray a => a.GetValue(i),
        BooleanArray a => a.GetValue(i),
        StringArray a => a.GetString(i),
        Date32Array a => DateOnly.FromDateTime(a.GetDateTime(i)!.Value),
        TimestampArray a => DateTimeOffset.UnixEpoch.AddTicks(a.Values[i] * 10),
        Decimal128Array a => decimal.Parse(a.GetString(i), CultureInfo.InvariantCulture),
        _ => throw new NotSupportedException(array.GetType().Name),
    };
}
