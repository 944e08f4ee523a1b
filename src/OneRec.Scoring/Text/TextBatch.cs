namespace OneRec.Scoring.Text;

/// <summary>Texts that a model processes in one call.</summary>
/// <param name="Rows">Indices of the texts, at least 1.</param>
/// <param name="Count">Rows of the call; more than the number of texts if padded.</param>
/// <param name="Length">Tokens per row; more than those of a text if padded.</param>
public sealed record TextBatch(IReadOnlyList<int> Rows, int Count, int Length)
{
    /// <summary>Maximum tokens per call on the CPU, so that its activations stay in the caches.</summary>
    private const int CpuTokens = 2_048;

    /// <summary>Maximum tokens per call on a device.</summary>
    private const int DeviceTokens = 32_768;

    private const int ShortestPadded = 16;

    /// <summary>Groups texts into calls, longest first.</summary>
    /// <param name="lengths">Number of tokens of each text, at least 1.</param>
    /// <param name="batching">Which texts may share a call.</param>
    /// <param name="maxLength">The maximum length that the model allows.</param>
    /// <param name="fixedLength">The only length that the model allows; null for any.</param>
    public static IEnumerable<TextBatch> Plan(IReadOnlyList<int> lengths, Batching batching, int maxLength, int? fixedLength = null)
    {
        ArgumentNullException.ThrowIfNull(lengths);
        int Padded(int length) => fixedLength ?? (batching == Batching.Padded ? Bucket(length, maxLength) : length);
        IEnumerable<IGrouping<int, int>> groups = Enumerable.Range(0, lengths.Count)
            .GroupBy(row => Padded(lengths[row]))
            .OrderByDescending(g => g.Key);
        foreach (IGrouping<int, int> group in groups)
        {
            int most = batching switch
            {
                Batching.Alone => 1,
                Batching.EqualLengths => FloorPower(Math.Max(1, CpuTokens / group.Key)),
                _ => FloorPower(Math.Max(1, DeviceTokens / group.Key)),
            };
            int[] rows = [.. group];
            for (int start = 0; start < rows.Length;)
            {
                // The number of rows is a power of two, so that there are few shapes. On a device, a short last call is padded, to less
                // than twice its rows; on the CPU it is split.
                int left = Math.Min(most, rows.Length - start);
                int there = batching == Batching.EqualLengths ? FloorPower(left) : left;
                int count = batching == Batching.Padded ? CeilingPower(there) : there;
                yield return new TextBatch(rows[start..(start + there)], count, group.Key);
                start += there;
            }
        }
    }

    private static int Bucket(int length, int maxLength)
    {
        int bucket = Math.Min(ShortestPadded, maxLength);
        while (bucket < length)
        {
            bucket = Math.Min(bucket * 2, maxLength);
        }

        return bucket;
    }

    private static int FloorPower(int value) => 1 << (31 - int.LeadingZeroCount(value));

    private static int CeilingPower(int value) => (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)value);
}

/// <summary>Which texts a model may process in one call.</summary>
public enum Batching
{
    /// <summary>One at a time: a dynamically quantized model, or one whose rows depend on the other rows of the batch.</summary>
    Alone,

    /// <summary>Texts of equal length, which need no padding, so that a row's result does not depend on its batch (on the CPU).</summary>
    EqualLengths,

    /// <summary>Texts of similar lengths, padded to a small set of shapes (on a device; rows agree within 1e-4).</summary>
    Padded,
}
