namespace OneRec.Kernels.Ranking;

/// <summary>
/// How many held-out partners of items are among their nearest items (docs/method/compare.md, "Embeddings"). Shares are means over
/// items, so that an item with many partners counts as much as one with few.
/// </summary>
/// <param name="Items">Number of items with partners.</param>
/// <param name="Partners">Number of their partners.</param>
/// <param name="H10">Share of an item's partners among its 10 nearest items.</param>
/// <param name="H100">Likewise among 100.</param>
/// <param name="F10">As <paramref name="H10"/>, but items that were partners in training are taken out of the ranking first.</param>
/// <param name="F100">Likewise among 100.</param>
/// <param name="Tail100">As <paramref name="F100"/>, without popular items as partners and in the ranking; NaN if no partner is left.</param>
/// <param name="Cold100">As <paramref name="H100"/> for items that training has not seen; NaN if there are none.</param>
/// <param name="TailItems">Number of items with partners that are not popular.</param>
/// <param name="ColdItems">Number of items with partners that training has not seen.</param>
public sealed record PartnerHits(
    int Items, long Partners, double H10, double H100, double F10, double F100, double Tail100, double Cold100, int TailItems, int ColdItems)
{
    private const int Few = 10;
    private const int Many = 100;

    /// <summary>Measures a ranking.</summary>
    /// <param name="scores">The ranking; of equal scores the item with the lower number is nearer.</param>
    /// <param name="queries">The items with partners.</param>
    /// <param name="popular">Items left out of <see cref="Tail100"/>; null for none.</param>
    /// <param name="seen">Items that training has seen; null for all.</param>
    /// <param name="threads">Number of threads; results do not depend on it.</param>
    /// <param name="cancellation">Ends the work.</param>
    public static PartnerHits Measure(
        IItemScores scores,
        IReadOnlyList<PartnerQuery> queries,
        IReadOnlySet<int>? popular,
        IReadOnlySet<int>? seen,
        int threads,
        CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(queries);
        var found = new Shares[queries.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation };
        Parallel.For(
            0,
            queries.Count,
            options,
            () => new float[scores.Items],
            (q, _, own) =>
            {
                scores.Score(queries[q].Item, own);
                found[q] = Shares.Of(queries[q], own, popular);
                return own;
            },
            _ => { });
        bool[] cold = [.. queries.Select(q => seen is not null && !seen.Contains(q.Item))];
        Shares[] tail = [.. found.Where(s => !double.IsNaN(s.Tail100))];
        Shares[] unseen = [.. found.Where((_, q) => cold[q])];
        return new PartnerHits(
            queries.Count,
            queries.Sum(q => (long)q.Partners.Count),
            Mean(found, s => s.H10),
            Mean(found, s => s.H100),
            Mean(found, s => s.F10),
            Mean(found, s => s.F100),
            Mean(tail, s => s.Tail100),
            Mean(unseen, s => s.H100),
            tail.Length,
            unseen.Length);
    }

    /// <summary>The hits of a random ranking, as they are expected.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="queries">The items with partners.</param>
    /// <param name="popular">As for <see cref="Measure"/>.</param>
    /// <param name="seen">As for <see cref="Measure"/>.</param>
    public static PartnerHits Chance(int items, IReadOnlyList<PartnerQuery> queries, IReadOnlySet<int>? popular, IReadOnlySet<int>? seen)
    {
        ArgumentNullException.ThrowIfNull(queries);
        double Of(int k, double of) => Math.Min(1, k / Math.Max(1, of));
        PartnerQuery[] tail = [.. queries.Where(q => q.Partners.Any(p => popular?.Contains(p) != true))];
        int cold = queries.Count(q => seen is not null && !seen.Contains(q.Item));
        double Left(PartnerQuery q) => items - 1 - q.Known.Count;
        return new PartnerHits(
            queries.Count,
            queries.Sum(q => (long)q.Partners.Count),
            Of(Few, items - 1),
            Of(Many, items - 1),
            Mean(queries, q => Of(Few, Left(q))),
            Mean(queries, q => Of(Many, Left(q))),
            Mean(tail, q => Of(Many, Left(q) - (popular?.Count(p => p != q.Item && !q.Known.Contains(p)) ?? 0))),
            cold == 0 ? double.NaN : Of(Many, items - 1),
            tail.Length,
            cold);
    }

    private static double Mean<T>(IReadOnlyCollection<T> all, Func<T, double> value) => all.Count == 0 ? double.NaN : all.Sum(value) / all.Count;

    private readonly record struct Shares(double H10, double H100, double F10, double F100, double Tail100)
    {
        public static Shares Of(PartnerQuery query, ReadOnlySpan<float> scores, IReadOnlySet<int>? popular)
        {
            var left = new float[scores.Length];
            scores.CopyTo(left);
            left[query.Item] = float.NegativeInfinity;
            (double h10, double h100) = Hits(query.Partners, left);
            foreach (int known in query.Known)
            {
                left[known] = float.NegativeInfinity;
            }

            (double f10, double f100) = Hits(query.Partners, left);
            if (popular is null)
            {
                return new Shares(h10, h100, f10, f100, f100);
            }

            foreach (int item in popular)
            {
                left[item] = float.NegativeInfinity;
            }

            int[] rare = [.. query.Partners.Where(p => !popular.Contains(p))];
            return new Shares(h10, h100, f10, f100, rare.Length == 0 ? double.NaN : Hits(rare, left).AtMany);
        }

        private static (double AtFew, double AtMany) Hits(IReadOnlyCollection<int> partners, ReadOnlySpan<float> scores)
        {
            (int few, int many) = (0, 0);
            foreach (int partner in partners)
            {
                int rank = Rank(scores, partner);
                few += rank < Few ? 1 : 0;
                many += rank < Many ? 1 : 0;
            }

            return (few / (double)partners.Count, many / (double)partners.Count);
        }

        private static int Rank(ReadOnlySpan<float> scores, int partner)
        {
            float own = scores[partner];
            if (float.IsNegativeInfinity(own) || float.IsNaN(own))
            {
                return int.MaxValue;
            }

            int rank = 0;
            for (int i = 0; i < scores.Length; i++)
            {
                rank += scores[i] > own || (scores[i] == own && i < partner) ? 1 : 0;
            }

            return rank;
        }
    }
}

/// <summary>An item whose partners are looked for.</summary>
/// <param name="Item">The item.</param>
/// <param name="Partners">Its held-out partners, at least 1.</param>
/// <param name="Known">Its partners in training, which are not looked for.</param>
public sealed record PartnerQuery(int Item, IReadOnlyCollection<int> Partners, IReadOnlySet<int> Known)
{
    /// <summary>Groups partners by item, ascending.</summary>
    /// <param name="partners">Items with a held-out partner; a pair may come twice.</param>
    /// <param name="known">Items with a partner in training.</param>
    public static IReadOnlyList<PartnerQuery> Group(
        IEnumerable<(int First, int Second)> partners, IEnumerable<(int First, int Second)> known)
    {
        ILookup<int, int> neighbours = known.ToLookup(p => p.First, p => p.Second);
        return
        [
            .. partners
                .GroupBy(p => p.First, p => p.Second)
                .OrderBy(g => g.Key)
                .Select(g => new PartnerQuery(g.Key, [.. g.Distinct()], new HashSet<int>(neighbours[g.Key]))),
        ];
    }
}
