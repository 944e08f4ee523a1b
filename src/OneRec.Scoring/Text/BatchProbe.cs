namespace OneRec.Scoring.Text;

/// <summary>
/// Whether a model gives a row the same bits alone and among others of its length. It need not: ONNX Runtime takes other
/// paths through some operators where a batch has one row (reductions, products of one row), and then sums in another order.
/// </summary>
internal static class BatchProbe
{
    // Short and long, odd and even, multiples of vector widths and not: what such paths turn on.
    private static readonly int[] Lengths = [3, 4, 5, 8, 13, 16, 31, 48];
    private static readonly int[] Counts = [2, 8];

    /// <summary>Runs rows of several lengths alone and together and compares all bits.</summary>
    /// <param name="encoder">A float model on the CPU.</param>
    /// <param name="ids">Tokens that it knows.</param>
    /// <param name="maxLength">The longest text that it takes.</param>
    public static bool RowsKeepTheirBits(TextEncoder encoder, int[] ids, int maxLength) => Lengths
        .Where(length => length <= maxLength)
        .All(length =>
        {
            int[][] rows = [.. Enumerable.Range(0, Counts.Max()).Select(r => Row(ids, r, length))];
            float[][] alone = [.. rows.Select(row => Vectors(encoder, [row])[0])];
            return Counts.All(count => Vectors(encoder, rows[..count])
                .Zip(alone)
                .All(v => v.First.AsSpan().SequenceEqual(v.Second)));
        });

    // Each row has its own order of the tokens: the first ones are unlike.
    private static int[] Row(int[] ids, int row, int length) =>
        [.. Enumerable.Range(0, length).Select(t => ids[((t * (row + 1)) + row) % ids.Length])];

    private static float[][] Vectors(TextEncoder encoder, int[][] rows)
    {
        float[][] vectors = [.. rows.Select(_ => new float[encoder.Dimensions])];
        try
        {
            encoder.Encode(rows, row => vectors[row]);
        }
        catch (RowFailure)
        {
            // NaN for made-up texts says nothing of others; each row is checked when it is embedded.
        }

        return vectors;
    }
}
