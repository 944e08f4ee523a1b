namespace OneRec.Kernels.Pairs;

/// <summary>
/// Pairs a user's clicked items with the most similar item clicked before (QARM, arXiv 2411.11739, user-to-item pairs).
/// </summary>
/// <remarks>
/// The history of a target is the latest <see cref="HistoryPairsParameters.History"/> clicks of strictly smaller time. The
/// partner is the one with the greatest score(target, partner); ties go to the later time, then to the lower id.
/// </remarks>
/// <param name="similarity">Scores by (target, partner).</param>
/// <param name="parameters">Valid parameters.</param>
public sealed class HistoryPairsKernel(SimilarityTable similarity, HistoryPairsParameters parameters)
{
    /// <summary>[items]: 1 + where the user at hand clicked the item; 0 where not, and between users.</summary>
    private readonly int[] _placeOf = new int[similarity.Items];

    /// <summary>Finds the partners of one user's targets.</summary>
    /// <param name="clicks">The user's clicks.</param>
    /// <param name="dropped">Targets that gave no pair are counted in here.</param>
    /// <param name="found">Called with target, partner and score for each pair, targets in ascending order.</param>
    public void Pair(UserClicks clicks, DroppedClicks dropped, Action<int, int, double> found)
    {
        ArgumentNullException.ThrowIfNull(clicks);
        ArgumentNullException.ThrowIfNull(dropped);
        ArgumentNullException.ThrowIfNull(found);
        ReadOnlySpan<int> items = clicks.Items;
        ReadOnlySpan<long> times = clicks.Times;
        Mark(items);
        foreach (int target in clicks.Targets)
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

        Unmark(items);
    }

    /// <summary>The best click of a history: partners come best first, and the first that was clicked there is it.</summary>
    private int Best(ReadOnlySpan<int> items, ReadOnlySpan<long> times, int target, int from, int to, out double best)
    {
        best = double.NaN;
        int found = -1;
        if (items[target] < 0)
        {
            return found;
        }

        ReadOnlySpan<int> partners = similarity.Partners(items[target]);
        ReadOnlySpan<double> scores = similarity.Scores(items[target]);
        for (int p = 0; p < partners.Length && (found < 0 || scores[p] == best); p++)
        {
            int click = _placeOf[partners[p]] - 1;
            if (click < from || click >= to)
            {
                continue;
            }

            // Clicks stand by (time, id): of equal scores the later time, and of equal times the lower id.
            if (found < 0 || times[click] > times[found] || (times[click] == times[found] && click < found))
            {
                best = scores[p];
                found = click;
            }
        }

        return found;
    }

    /// <summary>Notes where each item stands among the clicks; the user's items are distinct.</summary>
    private void Mark(ReadOnlySpan<int> items)
    {
        for (int click = 0; click < items.Length; click++)
        {
            if (items[click] >= 0)
            {
                _placeOf[items[click]] = click + 1;
            }
        }
    }

    private void Unmark(ReadOnlySpan<int> items)
    {
        foreach (int item in items)
        {
            if (item >= 0)
            {
                _placeOf[item] = 0;
            }
        }
    }
}
