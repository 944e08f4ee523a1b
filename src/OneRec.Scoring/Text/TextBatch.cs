namespace OneRec.Scoring.Text;

/// <summary>Texts that go through a model in one call.</summary>
/// <param name="Rows">Their places, at least 1.</param>
/// <param name="Count">Rows of the call; above the number of texts where it is padded.</param>
/// <param name="Length">Tokens of a row; above those of a text where it is padded.</param>
public sealed record TextBatch(IReadOnlyList<int> Rows, int Count, int Length)
{
    /// <summary>Tokens of a call on the CPU: its activations then stay in the caches.</summary>
    private const int CpuTokens = 2_048;

    /// <summary>Tokens of a call on a device.</summary>
    private const int DeviceTokens = 32_768;

    private const int ShortestPadded = 16;

    /// <summary>Puts texts into calls, longest first.</summary>
    /// <param name="lengths">Tokens of each text, at least 1.</param>
    /// <param name="batching">Which go together.</param>
    /// <param name="maxLength">The longest text that the model takes.</param>
    /// <param name="fixedLength">The one length that the model takes; null where any.</param>
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
                // Calls of powers of two, so that shapes are few: on a device a short last one is padded, never to twice its
                // rows; on the CPU it is cut.
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
