using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>What a table must look like, and what no table may.</summary>
public sealed class TableShapeTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly DeltaTable _table;

    public TableShapeTests()
    {
        _table = DeltaTable.At(_scratch["t"]);
        _table.Begin(null, Tables.Shape(
            ["part"],
            ("id", Int64Type.Default, false), ("codes", Tables.ListOf(Int32Type.Default), true), ("part", StringType.Default, true)))
            .Commit("CREATE TABLE");
    }

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Order_of_columns_is_free()
    {
        Transaction change = _table.Begin(_table.LatestSnapshot(), Tables.Shape(
            ["part"],
            ("part", StringType.Default, true), ("id", Int64Type.Default, false), ("codes", Tables.ListOf(Int32Type.Default), true)));
        Assert.Equal(["id", "codes", "part"], change.Schema.FieldsList.Select(f => f.Name));
    }

    [Fact]
    public void Difference_is_named_with_both_sides()
    {
        (string, IArrowType, bool) id = ("id", Int64Type.Default, false);
        (string, IArrowType, bool) codes = ("codes", Tables.ListOf(Int32Type.Default), true);
        (string, IArrowType, bool) part = ("part", StringType.Default, true);
        AssertMisfit("has no column 'sid'", Tables.Shape(["part"], id, codes, part, ("sid", StringType.Default, true)));
        AssertMisfit("has an unexpected column 'codes'", Tables.Shape(["part"], id, part));
        AssertMisfit("has column 'id' as long not null, but long is needed", Tables.Shape(["part"], ("id", Int64Type.Default, true), codes, part));
        AssertMisfit("has column 'id' as long not null, but string not null is needed", Tables.Shape(["part"], ("id", StringType.Default, false), codes, part));
        AssertMisfit(
            "has column 'codes' as array<integer not null>, but array<integer> is needed",
            Tables.Shape(["part"], id, ("codes", Tables.ListOf(Int32Type.Default, nullable: true), true), part));
        AssertMisfit("is partitioned by (part), but it must be partitioned by ()", Tables.Shape([], id, codes, part));
    }

    [Fact]
    public void Shape_that_no_plain_table_can_have_is_refused()
    {
        (string, IArrowType, bool) id = ("id", Int64Type.Default, false);
        const string PartitionRule = "cannot be a partition column: it must exist and contain text, integers, booleans, dates or times";
        AssertUnsound("column 'ID' is a duplicate (ignoring case)", [], ("ID", StringType.Default, true), id);
        foreach (string name in new[] { "", "a b", "a,b", "a;b", "a{b", "a(b", "a=b", "a\tb", "a\nb" })
        {
            AssertUnsound($"column '{name}' has a name that Parquet readers reject (one of ' ,;{{}}()=', tab, newline)", [], id, (name, Int64Type.Default, true));
        }

        AssertUnsound(
            "column 'at' is a timestamp without a zone, which needs 'timestampNtz'; use the zone UTC",
            [], id, ("at", Tables.ListOf(DeltaSchema.TimestampNtz), true));
        AssertUnsound("column 'gone' " + PartitionRule, ["gone"], id);
        AssertUnsound("column 'v' " + PartitionRule, ["v"], id, ("v", Tables.ListOf(FloatType.Default), true));
        AssertUnsound("column 'v' " + PartitionRule, ["v"], id, ("v", DoubleType.Default, true));
        AssertUnsound("all columns are partition columns; at least one must not be", ["id"], id);
        Assert.False(Directory.Exists(_scratch["new"]));
    }

    [Fact]
    public void Rows_that_do_not_fit_are_refused_with_column_and_row()
    {
        Transaction change = _table.Begin(_table.LatestSnapshot()!);
        using DataFileWriter writer = change.OpenWriter();
        IArrowArray ids = Tables.Longs(1, 2);
        IArrowArray parts = Tables.Texts("a", "b");
        IArrowArray codes = Tables.LongLists([1, 2], null);
        writer.Write(Tables.Batch(("part", parts), ("codes", codes), ("id", ids)));
        AssertRejected("delta.column-missing", "the rows have no column 'codes', which the table has", ("id", ids), ("part", parts));
        AssertRejected("delta.column-unknown", "the rows have column 'sid', but the table has id, codes, part", ("id", ids), ("codes", codes), ("part", parts), ("sid", parts));
        AssertRejected("delta.column-type", "column 'id' has Arrow type utf8, but the table has long; cast it in the query", ("id", parts), ("codes", codes), ("part", parts));
        AssertRejected(
            "delta.null-value", "column 'id' row 3 (from 0) is null, but the column is not nullable",
            ("id", new Int64Array.Builder().Append(1).AppendNull().Build()), ("codes", codes), ("part", parts));
        AssertRejected(
            "delta.value-range", "column 'codes' row 3 (from 0) is 2147483648, which does not fit in integer",
            ("id", ids), ("codes", Tables.LongLists([1], [2, 2147483648])), ("part", parts));
        Assert.Equal(2, writer.Rows);

        void AssertRejected(string code, string what, params (string, IArrowArray)[] columns)
        {
            var e = Assert.Throws<OneRecException>(() => writer.Write(Tables.Batch(columns)));
            Assert.Equal(($"{_table.Folder}: {what}", code, ErrorKind.Input), (e.Message, e.Code, e.Kind));
        }
    }

    private void AssertMisfit(string what, TableShape shape)
    {
        var e = Assert.Throws<OneRecException>(() => _table.Begin(_table.LatestSnapshot(), shape));
        Assert.Equal(
            ($"{_table.Folder} version 0 {what}; use another table folder, or rewrite the table", "delta.shape", ErrorKind.Table),
            (e.Message, e.Code, e.Kind));
    }

    private void AssertUnsound(string what, string[] partitionColumns, params (string, IArrowType, bool)[] columns)
    {
        var e = Assert.Throws<OneRecException>(() => DeltaTable.At(_scratch["new"]).Begin(null, Tables.Shape(partitionColumns, columns)));
        Assert.Equal(($"{_scratch["new"]}: {what}", "delta.schema", ErrorKind.Table), (e.Message, e.Code, e.Kind));
    }
}
