using Apache.Arrow;
using OneRec.Core;
using OneRec.Engine.Local.Relations;

namespace OneRec.Engine.Local.Vectors;

/// <summary>
/// Adds the user's vectors to rows by <c>item_id</c>. The rows (ids and texts) are held in memory. The vectors, which are
/// large, are read once, in the order of the source, and only those of the rows.
/// </summary>
/// <param name="rows">Rows with <c>item_id</c> and, if known, the place of their vectors.</param>
/// <param name="cursors">Lends the reader of the source.</param>
/// <param name="source">The source.</param>
/// <param name="limits">Sizes of batches.</param>
/// <param name="cancellation">Checked between rows.</param>
internal sealed class VectorJoin(
    LocalRelation rows, VectorCursors cursors, VectorFiles source, VectorLimits limits, CancellationToken cancellation)
{
    /// <summary>The columns of the rows, then those of the source.</summary>
    public Schema Schema { get; } = new([.. rows.Schema.FieldsList, .. VectorRows.Columns(source)], null);

    /// <summary>The rows with their vectors; rows without vectors have null there and come last.</summary>
    /// <exception cref="OneRecException">Input error: the source cannot be read, or an item occurs twice or is too large.</exception>
    public IEnumerable<RecordBatch> Batches()
    {
        using var held = new HeldRows(rows.Batches(), rows.Schema);
        using VectorCursors.Loan loan = cursors.Lend(source, limits);
        VectorRows vectors = loan.Rows;
        var gathered = new List<int>();
        long bytes = 0;
        foreach ((VectorPlace? place, int row) in Places(held))
        {
            cancellation.ThrowIfCancellationRequested();
            Read(loan, place, held, row);
            gathered.Add(row);
            bytes += held.BytesOf(row);
            long now = bytes + vectors.Bytes;
            if (now > limits.Most && gathered.Count > 1)
            {
                yield return Build(held, gathered, vectors, gathered.Count - 1);
                bytes = held.BytesOf(row);
                now = bytes + vectors.Bytes;
            }

            if (now >= limits.Usual)
            {
                yield return Build(held, gathered, vectors, gathered.Count);
                bytes = 0;
            }
        }

        if (gathered.Count > 0)
        {
            yield return Build(held, gathered, vectors, gathered.Count);
        }
    }

    private static void Read(VectorCursors.Loan loan, VectorPlace? place, HeldRows held, int row)
    {
        if (place is null)
        {
            loan.Rows.AddNull();
            return;
        }

        (IArrowArray ids, int id) = held.IdOf(row);
        try
        {
            loan.IsBroken = true;
            loan.Cursor.Read(place.Value, ids, id, loan.Rows);
            loan.IsBroken = false;
        }
        catch (OverflowException e)
        {
            throw OneRecException.Input(
                "input.vectors",
                $"{loan.Cursor.Source.Files[place.Value.File]}: the vectors of item {held.IdText(row)} exceed 2 GiB, the limit of a "
                + "batch; reduce their number",
                e);
        }
    }

    /// <summary>The rows in the order of their places; those without a place last.</summary>
    private IEnumerable<(VectorPlace? Place, int Row)> Places(HeldRows held)
    {
        long?[] places = held.Numbers(VectorFiles.PlaceColumn) ?? FoundPlaces(held);
        int[] order = [.. Enumerable.Range(0, held.Count)];
        System.Array.Sort([.. places.Select(p => p ?? long.MaxValue)], order);
        return order.Select(row => (places[row] is { } number ? VectorPlace.Of(number) : (VectorPlace?)null, row));
    }

    /// <summary>Looks up the places of rows by id, for rows that do not have them.</summary>
    private long?[] FoundPlaces(HeldRows held)
    {
        var places = new long?[held.Count];
        foreach (RecordBatch batch in VectorPlaces.Read(source, rows.Schema.GetFieldByName("item_id").DataType))
        {
            cancellation.ThrowIfCancellationRequested();
            using (batch)
            {
                var numbers = (Int64Array)batch.Column(1);
                for (int i = 0; i < batch.Length; i++)
                {
                    if (held.Find(batch.Column(0), i) is not { } row)
                    {
                        continue;
                    }

                    long place = numbers.GetValue(i)!.Value;
                    places[row] = places[row] is null ? place : throw RepeatedVectors(source, place, held.IdText(row));
                }
            }
        }

        return places;
    }

    private static OneRecException RepeatedVectors(VectorFiles source, long place, string item) =>
        OneRecException.Input("input.duplicate", $"{source.Files[VectorPlace.Of(place).File]}: item {item} has vectors in more than one row; keep one row per item");

    private RecordBatch Build(HeldRows held, List<int> gathered, VectorRows vectors, int count)
    {
        IArrowArray[] columns = [.. held.Gather(gathered[..count]), .. vectors.Take(count)];
        gathered.RemoveRange(0, count);
        return new RecordBatch(Schema, columns, count);
    }
}

/// <summary>Size limits of a batch of vectors, in bytes.</summary>
/// <param name="Usual">A batch is returned once it has this many bytes.</param>
/// <param name="Most">No batch of several rows has more; a row that would exceed it gets its own batch.</param>
/// <param name="Item">Limit of one row, at most the size of an array.</param>
internal sealed record VectorLimits(long Usual, long Most, int Item)
{
    /// <summary>
    /// 12 MiB, so that the 16 MiB set aside are usually enough; 64 MiB, the limit of a batch at the engine seam; 2 GiB.
    /// </summary>
    public static VectorLimits Default { get; } = new(12L << 20, 64L << 20, System.Array.MaxLength);
}
