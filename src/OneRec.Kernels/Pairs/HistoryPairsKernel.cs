namespace OneRec.Kernels.Pairs;

/// <summary>
/// Pairs a user's clicked items with the most similar item clicked before (QARM, arXiv 2411.11739, user-to-item pairs).
/// </summary>
/// <remarks>
/// Targets are the user's latest <see cref="HistoryPairsParameters.TargetsPerUser"/> clicks; the history of a target is
/// the latest <see cref="HistoryPairsParameters.History"/> clicks of strictly smaller time. The partner is the one with
/// the greatest score(target, partner); ties go to the later time, then to the lower id.
/// </remarks>
/// <param name="similarity">Scores by (target, partner).</param>
/// <param name="parameters">Valid parameters.</param>
public sealed class HistoryPairsKernel(SimilarityTable similarity, HistoryPairsParameters parameters)
{
    /// <summary>Finds the partners of one user's targets.</summary>
    /// <param name="items">
    /// The user's distinct items as indices of the similarity table, -1 where it does not have the item; by (time, id)
    /// ascending.
    /// </param>
    /// <param name="times">The time of each.</param>
    /// <param name="dropped">Clicks that gave no pair are counted in here.</param>
    /// <param name="found">Called with target, partner and score for each pair, targets in ascending order.</param>
    /// <exception cref="ArgumentException">Lengths differ.</exception>
    public void Pair(ReadOnlySpan<int> items, ReadOnlySpan<long> times, DroppedClicks dropped, Action<int, int, double> found)
    {
        ArgumentNullException.ThrowIfNull(dropped);
        ArgumentNullException.ThrowIfNull(found);
        if (items.Length != times.Length)
        {
            throw new ArgumentException("items and times differ in length");
        }

        int first = Math.Max(0, items.Length - parameters.TargetsPerUser);
        dropped.OverTargets += first;
        for (int target = first; target < items.Length; target++)
        {
            int end = target;
            while (end > 0 && times[end - 1] == times[target])
            {
                end--;
            }

            if (end == 0)
            {
                dropped.NoEarlierClick++;
                continue;
            }

            int partner = Best(items, times, target, Math.Max(0, end - parameters.History), end, out double score);
            if (partner < 0)
            {
                dropped.NoScoredPartner++;
                continue;
            }

            found(items[target], items[partner], score);
        }
    }

    private int Best(ReadOnlySpan<int> items, ReadOnlySpan<long> times, int target, int from, int to, out double best)
    {
        best = double.NaN;
        int found = -1;
        if (items[target] < 0)
        {
            return found;
        }

        // From the latest time back and, where times are equal, from the higher id: an equal score replaces only then.
        for (int click = to - 1; click >= from; click--)
        {
            if (items[click] < 0)
            {
                continue;
            }

            double score = similarity.Score(items[target], items[click]);
            if (found < 0 ? !double.IsNaN(score) : score > best || (score == best && times[click] == times[found]))
            {
                best = score;
                found = click;
            }
        }

        return found;
    }
}
