using Apache.Arrow;

namespace OneRec.Engine.Local.Relations;

/// <summary>Gathers rows of Arrow columns of any type.</summary>
internal static class RowGather
{
    /// <summary>The picked rows as one column, in the order given. Consecutive rows are copied as one run.</summary>
    /// <param name="chunks">The chunks of the column.</param>
    /// <param name="picks">Chunk and row of each picked row.</param>
    public static IArrowArray Pick(IReadOnlyList<IArrowArray> chunks, IReadOnlyList<(int Chunk, int Row)> picks)
    {
        var runs = new List<IArrowArray>();
        for (int start = 0; start < picks.Count;)
        {
            (int chunk, int row) = picks[start];
            int end = start + 1;
            while (end < picks.Count && picks[end] == (chunk, row + end - start))
            {
                end++;
            }

            runs.Add(ArrowArrayFactory.Slice(chunks[chunk], row, end - start));
            start = end;
        }

        if (runs.Count == 1)
        {
            // A single run would be returned as a view of the source, which is disposed earlier. With an empty run appended, its
            // rows are copied. A slice of a nested column keeps its children whole, so there the whole memory is copied.
            if (runs[0].Data.Children is { Length: > 0 })
            {
                return ArrowArrayFactory.BuildArray(runs[0].Data.Clone());
            }

            runs.Add(ArrowArrayFactory.Slice(runs[0], 0, 0));
        }

        return ArrowArrayConcatenator.Concatenate(runs);
    }
}
