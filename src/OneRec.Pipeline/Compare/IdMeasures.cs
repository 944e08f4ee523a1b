namespace OneRec.Pipeline.Compare;

/// <summary>Measures of a set of IDs (docs/method/compare.md, "IDs").</summary>
internal static class IdMeasures
{
    private const string PartnerShare = "held-out partners, same prefix";

    /// <summary>Measures sets side by side.</summary>
    /// <param name="sets">The sets.</param>
    /// <param name="clicks">Users with their items, in the order of users; null without a log.</param>
    /// <param name="data">Held-out partners; null without a holdout.</param>
    public static CompareTable Measure(IReadOnlyList<SemanticIdSet> sets, CoOccurrence? clicks, HeldOutData? data)
    {
        List<(string Measure, int? Level, double Value)>[] all = [.. sets.Select(s => Of(s, clicks, data).ToList())];
        return new CompareTable(
            [.. sets.Select(s => s.Name)],
            [
                .. all.SelectMany(m => m).GroupBy(r => r.Measure).SelectMany(g => g.Select(r => r.Level).Distinct().OrderBy(l => l ?? 0).Select(level =>
                    new CompareRow(g.Key, level, [.. all.Select(m => Value(m, g.Key, level))]))),
            ]);
    }

    private static double? Value(List<(string Measure, int? Level, double Value)> measures, string measure, int? level) =>
        measures.Where(m => m.Measure == measure && m.Level == level).Select(m => (double?)m.Value).FirstOrDefault();

    private static IEnumerable<(string Measure, int? Level, double Value)> Of(SemanticIdSet set, CoOccurrence? clicks, HeldOutData? data)
    {
        int[] sizes = Counts(set.Prefixes(set.Levels));
        yield return ("items with an ID", null, set.Items);
        yield return ("levels", null, set.Levels);
        yield return ("unique IDs / items", null, sizes.Length / (double)set.Items);
        yield return ("items alone with their ID", null, sizes.Count(n => n == 1) / (double)set.Items);
        yield return ("ICR (IDs of one item / IDs)", null, sizes.Count(n => n == 1) / (double)sizes.Length);
        yield return ("most items of one ID", null, sizes.Max());
        for (int level = 1; level <= set.Levels; level++)
        {
            int[] codes = Counts([.. set.Codes.Select(c => c?[level - 1] ?? -1)]);
            int[] prefixes = Counts(set.Prefixes(level));
            double possible = Math.Min(set.Items, set.Sizes.Take(level).Aggregate(1.0, (all, n) => all * n));
            yield return ("codes", level, set.Sizes[level - 1]);
            yield return ("codes used", level, codes.Length / (double)set.Sizes[level - 1]);
            yield return ("prefixes used", level, prefixes.Length / possible);
            yield return ("entropy of codes, bits", level, Entropy(codes));
            yield return ("Gini of occupied codes", level, Gini(codes));
            if (set.Errors is not null)
            {
                yield return ("relative error of embeddings", level, set.Errors[level - 1]);
            }

            yield return ("chance: two items, same prefix", level, Chance(prefixes, set.Items));
        }

        foreach ((int length, double share) in clicks?.SamePrefix(set) ?? [])
        {
            yield return ("co-occurring items (D3), same prefix", length, share);
        }

        if (data is not null)
        {
            foreach ((string measure, int length, double share) in Partners(set, data))
            {
                yield return (measure, length, share);
            }
        }
    }

    private static IEnumerable<(string Measure, int Length, double Share)> Partners(SemanticIdSet set, HeldOutData data)
    {
        (int First, int Second)[] pairs =
        [
            .. data.Queries
                .SelectMany(q => q.Partners.Select(p => (q.Item, p)))
                .Where(p => set.Codes[p.Item1] is not null && set.Codes[p.Item2] is not null),
        ];
        (int First, int Second)[] tail = [.. pairs.Where(p => !data.MostClicked.Contains(p.First) && !data.MostClicked.Contains(p.Second))];
        for (int length = 1; length <= set.Levels; length++)
        {
            IReadOnlyList<int> prefixes = set.Prefixes(length);
            yield return (PartnerShare, length, Same(pairs, prefixes));
            yield return ("the same, partners shuffled", length, Shuffled(pairs, prefixes));
            yield return ("the same, without popular items", length, Same(tail, prefixes));
        }
    }

    private static double Same((int First, int Second)[] pairs, IReadOnlyList<int> prefixes) =>
        pairs.Length == 0 ? double.NaN : pairs.Count(p => prefixes[p.First] == prefixes[p.Second]) / (double)pairs.Length;

    // The share expected if second items were dealt to first ones at random, an item never to itself.
    private static double Shuffled((int First, int Second)[] pairs, IReadOnlyList<int> prefixes)
    {
        if (pairs.Length == 0)
        {
            return double.NaN;
        }

        double same = Met(p => prefixes[p]);
        double itself = Met(p => p);
        return (same - itself) / (((double)pairs.Length * pairs.Length) - itself);

        double Met(Func<int, int> group)
        {
            Dictionary<int, long> seconds = pairs.CountBy(p => group(p.Second)).ToDictionary(c => c.Key, c => (long)c.Value);
            return pairs.CountBy(p => group(p.First)).Sum(c => c.Value * (double)seconds.GetValueOrDefault(c.Key));
        }
    }

    private static int[] Counts(IReadOnlyList<int> numbers) => [.. numbers.Where(n => n >= 0).CountBy(n => n).Select(c => c.Value)];

    private static double Entropy(int[] counts)
    {
        double all = counts.Sum(n => (long)n);
        return -counts.Sum(n => n / all * Math.Log2(n / all));
    }

    /// <summary>Gini coefficient of the counts: 0 if all are equal.</summary>
    private static double Gini(int[] counts)
    {
        int[] ordered = [.. counts.Order()];
        double all = ordered.Sum(n => (long)n);
        double weighted = ordered.Select((n, i) => (i + 1.0) * n).Sum();
        return (2 * weighted / (ordered.Length * all)) - ((ordered.Length + 1.0) / ordered.Length);
    }

    private static double Chance(int[] counts, int items) =>
        items < 2 ? double.NaN : counts.Sum(n => n * (n - 1.0)) / (items * (items - 1.0));
}
