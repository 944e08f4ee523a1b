using System.Globalization;
using OneRec.Pipeline.Steps.Pairs;

namespace OneRec.Pipeline.Tests.Steps;

/// <summary>The rows of <c>item_pairs</c> from a CSV's lines and the similarity's rows, without SQL.</summary>
internal static class PairsReference
{
    /// <summary>Rows as <see cref="StepBench.Text"/> writes them, and the facts that the step tells.</summary>
    /// <param name="lines"><c>user,item,time</c>, whole numbers.</param>
    /// <param name="similarity">Rows of <c>item_similarity</c>.</param>
    /// <param name="options">The options.</param>
    public static (string[] Rows, string[] Facts) Rows(
        IEnumerable<string> lines, List<object?[]> similarity, PairsOptions options)
    {
        var scores = similarity
            .Where(r => (double)r[2]! >= options.MinScore)
            .ToDictionary(r => ((long)r[0]!, (long)r[1]!), r => (double)r[2]!);
        var rows = similarity
            .Where(r => (int)r[3]! <= options.I2iTopK && (double)r[2]! >= options.MinScore)
            .Select(r => Row((long)r[0]!, (long)r[1]!, "i2i", (double)r[2]!, (int)r[4]!))
            .ToList();
        var found = new Dictionary<(long, long), long>();
        var dropped = new SortedDictionary<string, long>(StringComparer.Ordinal);
        long paired = 0;
        foreach (var user in lines.Select(l => l.Split(',')).GroupBy(f => f[0]))
        {
            List<(long Time, long Item)> clicks = [.. user
                .GroupBy(f => long.Parse(f[1]))
                .Select(g => (g.Max(f => long.Parse(f[2])), g.Key))
                .Order()];
            for (int t = 0; t < clicks.Count; t++)
            {
                (long time, long item) = clicks[t];
                var history = clicks.Where(c => c.Time < time).TakeLast(options.History).ToList();
                var best = history
                    .Where(h => scores.ContainsKey((item, h.Item)))
                    .OrderByDescending(h => scores[(item, h.Item)])
                    .ThenByDescending(h => h.Time)
                    .ThenBy(h => h.Item)
                    .Select(h => (long?)h.Item)
                    .FirstOrDefault();
                string? reason = t < clicks.Count - options.TargetsPerUser ? "over targets"
                    : history.Count == 0 ? "no earlier click"
                    : best is null ? "no scored partner"
                    : null;
                if (reason is not null)
                {
                    dropped[reason] = dropped.GetValueOrDefault(reason) + 1;
                    continue;
                }

                found[(item, best!.Value)] = found.GetValueOrDefault((item, best.Value)) + 1;
                paired++;
            }
        }

        rows.AddRange(found.Select(f => Row(f.Key.Item1, f.Key.Item2, "u2i", scores[f.Key], f.Value)));
        string[] facts =
            [$"clicks paired {Number(paired)}", .. dropped.Select(d => $"dropped: {d.Key} {Number(d.Value)}")];
        return ([.. rows.Order(StringComparer.Ordinal)], facts);
    }

    private static string Row(long item, long pair, string source, double weight, long support) =>
        $"{item}|{pair}|{source}|{BitConverter.DoubleToInt64Bits(weight):x}|{support}";

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
