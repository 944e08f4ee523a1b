using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Engines.Local;

/// <summary>
/// Adds given vectors to rows by <c>item_id</c>. The rows (ids and texts) are held; the vectors, which are large, are
/// read in slices and go by once.
/// </summary>
internal sealed class VectorJoin
{
    private static readonly ListType TokensType = OneRecTables.ListOf(OneRecTables.ListOf(FloatType.Default));

    private readonly LocalRelation _rows;
    private readonly VectorSource _source;
    private readonly Schema _schema;
    private readonly CancellationToken _cancellation;

    private VectorJoin(LocalRelation rows, VectorSource source, CancellationToken cancellation)
    {
        _rows = rows;
        _source = source;
        _cancellation = cancellation;
        _schema = new Schema([.. rows.Schema.FieldsList, new Field(source.Column, TokensType, nullable: true)], null);
    }

    /// <summary>The rows with one more column of vectors; rows without a partner have null there and come last.</summary>
    public static LocalRelation Attach(
        LocalRelation rows,
        VectorSource source,
        Scratch scratch,
        CancellationToken cancellation)
    {
        var join = new VectorJoin(rows, source, cancellation);
        return new ProducedRelation(join._schema, join.Batches, scratch);
    }

    private IEnumerable<RecordBatch> Batches()
    {
        using var held = new HeldRows(_rows.Batches(), _rows.Schema.GetFieldIndex("item_id"));
        foreach (string file in _source.Files)
        {
            (int[] leaves, int idColumn, int vectorColumn) = Columns(file);
            foreach (RecordBatch slice in ParquetBatches.Read(file, leaves))
            {
                _cancellation.ThrowIfCancellationRequested();
                using (slice)
                {
                    var rows = new List<int>();
                    var vectors = new List<int>();
                    held.Match(slice.Column(idColumn), rows, vectors, file);
                    if (rows.Count > 0)
                    {
                        IArrowArray picked = RowGather.Pick([slice.Column(vectorColumn)], [.. vectors.Select(v => (0, v))]);
                        yield return Build(held, rows, AsTokens(picked));
                    }
                }
            }
        }

        List<int> left = held.Unmatched();
        if (left.Count > 0)
        {
            yield return Build(held, left, NoVectors(left.Count));
        }
    }

    private RecordBatch Build(HeldRows held, List<int> rows, IArrowArray vectors) =>
        new(_schema, [.. held.Gather(rows), vectors], rows.Count);

    private (int[] Leaves, int Id, int Vector) Columns(string file)
    {
        Schema schema = ParquetBatches.SchemaOf(file);
        int id = schema.GetFieldIndex("item_id");
        int vector = schema.GetFieldIndex(_source.Column);
        if (id < 0 || vector < 0)
        {
            string missing = id < 0 ? "item_id" : _source.Column;
            throw OneRecException.Input(
                "input.missing-column",
                $"{file}: no column '{missing}' (columns: {string.Join(", ", schema.FieldsList.Select(f => f.Name))})");
        }

        bool nested = _source.Column == "tokens";
        if (!IsVectors(schema.GetFieldByIndex(vector).DataType, nested))
        {
            throw OneRecException.Input(
                "input.column-type",
                $"{file}: column '{_source.Column}' must be {(nested ? "array<array<float>>" : "array<float>")}");
        }

        // Leaf columns in file order: the two read keep their order.
        int[] leaves = [.. schema.FieldsList.Select((f, i) => (f, i)).SelectMany(LeavesOf).Order()];
        return (leaves, id < vector ? 0 : 1, id < vector ? 1 : 0);

        IEnumerable<int> LeavesOf((Field Field, int Index) column)
        {
            int before = schema.FieldsList.Take(column.Index).Sum(f => LeafCount(f.DataType));
            return column.Index == id || column.Index == vector
                ? Enumerable.Range(before, LeafCount(column.Field.DataType))
                : [];
        }
    }

    private static int LeafCount(IArrowType type) => type is NestedType nested ? nested.Fields.Sum(f => LeafCount(f.DataType)) : 1;

    private static bool IsVectors(IArrowType type, bool nested) => type is ListType list
        && (nested ? IsVectors(list.ValueDataType, nested: false) : list.ValueDataType is FloatType);

    // A ready-made embedding is one vector an item: a list of one list, over the same values.
    private IArrowArray AsTokens(IArrowArray vectors)
    {
        if (_source.Column == "tokens")
        {
            return vectors;
        }

        var list = (ListArray)vectors;
        var offsets = new ArrowBuffer.Builder<int>(list.Length + 1);
        for (int i = 0; i <= list.Length; i++)
        {
            offsets.Append(i);
        }

        var data = new ArrayData(TokensType, list.Length, list.NullCount, 0, [list.NullBitmapBuffer, offsets.Build()], [list.Data]);
        return ArrowArrayFactory.BuildArray(data);
    }

    private static ListArray NoVectors(int count)
    {
        var builder = new ListArray.Builder(new Field("element", OneRecTables.ListOf(FloatType.Default), nullable: false));
        for (int i = 0; i < count; i++)
        {
            builder.AppendNull();
        }

        return builder.Build();
    }
}
