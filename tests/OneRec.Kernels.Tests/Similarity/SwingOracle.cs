using OneRec.Kernels.Similarity;

namespace OneRec.Kernels.Tests.Similarity;

/// <summary>Swing as it is defined, in plain loops: every item pair, every user pair, in order.</summary>
internal static class SwingOracle
{
    public static List<SwingOutput> Run(SwingLog log, SwingParameters parameters, Func<long, double> weight)
    {
        IComparer<long> order = log.Strings
            ? Comparer<long>.Create((a, b) => Utf8Order.Instance.Compare(SwingLog.Text(a), SwingLog.Text(b)))
            : Comparer<long>.Default;
        long[] users = [.. log.Edges.Select(e => e.User).Distinct().Order(order)];
        long[] items = [.. log.Edges.Select(e => e.Item).Distinct().Order(order)];
        Dictionary<long, HashSet<long>> itemsOf =
            log.Edges.GroupBy(e => e.User).ToDictionary(g => g.Key, g => g.Select(e => e.Item).ToHashSet());
        Dictionary<long, double> w =
            log.Edges.GroupBy(e => e.User).ToDictionary(g => g.Key, g => weight(g.First().UserItems));
        var rows = new List<SwingOutput>();
        foreach (long i in items)
        {
            var found = new List<(long Item, double Score, int Common)>();
            foreach (long j in items.Where(j => j != i))
            {
                long[] both = [.. users.Where(u => itemsOf[u].Contains(i) && itemsOf[u].Contains(j))];
                double score = 0;
                for (int a = 0; a < both.Length; a++)
                {
                    for (int b = a + 1; b < both.Length; b++)
                    {
                        int shared = itemsOf[both[a]].Intersect(itemsOf[both[b]]).Count();
                        double product = w[both[a]] * w[both[b]];
                        score += product / (parameters.Alpha2 + shared);
                    }
                }

                if (both.Length >= 2 && both.Length >= parameters.MinCommonUsers)
                {
                    found.Add((j, score, both.Length));
                }
            }

            var best = found.OrderByDescending(f => f.Score).ThenBy(f => f.Item, order).Take(parameters.TopK).ToList();
            double divisor = parameters.NormalizeByBest && best.Count > 0 ? best[0].Score : 1;
            rows.AddRange(best.Select((f, r) => new SwingOutput(i, f.Item, f.Score / divisor, r + 1, f.Common)));
        }

        return rows;
    }
}
