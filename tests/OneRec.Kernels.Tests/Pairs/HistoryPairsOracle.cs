using OneRec.Kernels.Pairs;

namespace OneRec.Kernels.Tests.Pairs;

/// <summary>User-to-item pairs as they are defined, by sorting whole lists.</summary>
internal static class HistoryPairsOracle
{
    public static (List<(long Item, long Pair, double Score)> Pairs, Dictionary<string, long> Dropped) Run(
        HistoryPairsLog log, HistoryPairsParameters parameters)
    {
        var pairs = new List<(long, long, double)>();
        var dropped = new Dictionary<string, long>();
        Dictionary<(long, long), double> scores = log.Similarity.ToDictionary(s => (s.Item, s.Similar), s => s.Score);
        foreach (var user in log.Clicks.GroupBy(c => c.User).OrderBy(g => g.Key, log.Order))
        {
            var clicks = user.OrderBy(c => c.Time).ThenBy(c => c.Item, log.Order).ToList();
            foreach (var click in clicks)
            {
                if (clicks.IndexOf(click) < clicks.Count - log.Targets)
                {
                    Drop("over_targets");
                    continue;
                }

                var history = clicks.Where(c => c.Time < click.Time).TakeLast(parameters.History).ToList();
                var best = history
                    .Where(h => scores.ContainsKey((click.Item, h.Item)))
                    .OrderByDescending(h => scores[(click.Item, h.Item)])
                    .ThenByDescending(h => h.Time)
                    .ThenBy(h => h.Item, log.Order)
                    .ToList();
                if (history.Count == 0)
                {
                    Drop("no_earlier_click");
                }
                else if (best.Count == 0)
                {
                    Drop("no_scored_partner");
                }
                else
                {
                    pairs.Add((click.Item, best[0].Item, scores[(click.Item, best[0].Item)]));
                }
            }
        }

        return (pairs, dropped);

        void Drop(string reason) => dropped[reason] = dropped.GetValueOrDefault(reason) + 1;
    }
}
