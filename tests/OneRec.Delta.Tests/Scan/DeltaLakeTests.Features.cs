using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>What Delta Lake turns on that we read or refuse, and zeros in our statistics.</summary>
public abstract partial class DeltaLakeTests
{
    [Fact]
    public void Features_that_Delta_Lake_turns_on_are_refused_by_name()
    {
        PySparkSession spark = lake.Spark();
        string mapped = _scratch["mapped"];
        string vectors = _scratch["vectors"];
        string constrained = _scratch["constrained"];
        string second = _scratch["second"];
        string widening = _scratch["widening"];
        spark.Call("sql", new
        {
            statements = new[]
            {
                $"CREATE TABLE delta.`{mapped}` (id BIGINT) USING delta TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
                $"CREATE TABLE delta.`{vectors}` (id BIGINT) USING delta TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
                $"CREATE TABLE delta.`{constrained}` (id BIGINT) USING delta",
                $"INSERT INTO delta.`{constrained}` VALUES (5)",
                $"ALTER TABLE delta.`{constrained}` ADD CONSTRAINT positive CHECK (id > 0)",
                $"CREATE TABLE delta.`{second}` (id BIGINT) USING delta TBLPROPERTIES ('delta.checkpointPolicy' = 'v2')",
                $"CREATE TABLE delta.`{widening}` (id INT) USING delta TBLPROPERTIES ('delta.enableTypeWidening' = 'true')",
            },
        });
        AssertRefused($"{mapped} version 0 needs 'columnMapping', which is not supported; rewrite the table without it",
            "delta.reader-feature", () => DeltaTable.At(mapped).LatestSnapshot());
        AssertRefused($"{vectors} version 0 needs 'deletionVectors', which is not supported; rewrite the table without it",
            "delta.reader-feature", () => DeltaTable.At(vectors).LatestSnapshot());
        AssertRefused($"{second} version 0 needs 'v2Checkpoint', which is not supported; rewrite the table without it",
            "delta.reader-feature", () => DeltaTable.At(second).LatestSnapshot());

        // 'typeWidening-preview' in older releases.
        var refused = Assert.Throws<Core.OneRecException>(() => DeltaTable.At(widening).LatestSnapshot());
        Assert.StartsWith($"{widening} version 0 needs 'typeWidening", refused.Message, StringComparison.Ordinal);
        DeltaTable readable = DeltaTable.At(constrained);
        Assert.Equal(["5"], Rows.Of(readable.LatestSnapshot()!));
        AssertRefused($"{constrained} version 2 needs 'checkConstraints', which is not supported; rewrite the table without it",
            "delta.writer-feature", () => readable.Begin(readable.LatestSnapshot()!));
    }

    [Fact]
    public void Times_without_a_zone_are_read()
    {
        PySparkSession spark = lake.Spark();
        string path = _scratch["local"];
        spark.Call("sql", new
        {
            statements = new[]
            {
                $"CREATE TABLE delta.`{path}` (id INT, at TIMESTAMP_NTZ) USING delta",
                $"INSERT INTO delta.`{path}` VALUES (1, TIMESTAMP_NTZ '2026-01-02 03:04:05.123456'), (2, NULL)",
                $"INSERT INTO delta.`{path}` VALUES (3, TIMESTAMP_NTZ '1969-12-31 23:59:59.999999')",
            },
        });
        DeltaTable table = DeltaTable.At(path);
        Snapshot snapshot = table.LatestSnapshot()!;
        Assert.Equal(
            ["1 | \"2026-01-02 03:04:05.123456\"", "2 | null", "3 | \"1969-12-31 23:59:59.999999\""], Rows.Of(snapshot).Sorted());
        IEnumerable<AddFile> found = snapshot.FilesWhere(("at", new DateTimeOffset(1969, 12, 31, 23, 59, 59, TimeSpan.Zero).AddMicroseconds(999_999)));
        Assert.Equal(["3"], Rows.Of(snapshot.Scan(["id"], found)));
        AssertRefused($"{path} version 2 needs 'timestampNtz', which is not supported; rewrite the table without it",
            "delta.writer-feature", () => table.Begin(snapshot));
    }

    [Fact]
    public void Delta_Lake_finds_zeros_of_either_sign_by_our_statistics()
    {
        PySparkSession spark = lake.Spark();
        DeltaTable table = DeltaTable.At(_scratch["zeros"]);
        foreach (double value in new[] { 0.0, -0.0, double.NaN, double.PositiveInfinity })
        {
            Transaction change = table.Begin(table.LatestSnapshot(), Tables.Shape([], ("id", Int64Type.Default, false), ("real", DoubleType.Default, false)));
            change.Add(change.Write(Tables.Batch(("id", Tables.Longs(1)), ("real", new DoubleArray.Builder().Append(value).Build()))));
            change.Commit("WRITE");
        }

        string[] predicates = ["real = 0.0D", "real = -0.0D", "real >= 0.0D", "real = double('NaN')", "real = double('Infinity')"];
        Assert.Equal([2, 2, 4, 1, 1], spark.Call("counts", new { path = table.Folder, predicates }).EnumerateArray().Select(e => e.GetInt32()));
    }
}
