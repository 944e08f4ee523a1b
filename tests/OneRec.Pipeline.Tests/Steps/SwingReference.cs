using System.Security.Cryptography;
using System.Text;
using OneRec.Pipeline.Steps.Swing;

namespace OneRec.Pipeline.Tests.Steps;

/// <summary>The rows of <c>item_similarity</c> from a CSV's lines, by the definition in plain loops and without SQL.</summary>
internal static class SwingReference
{
    /// <summary>Rows as <see cref="StepBench.Text"/> writes them.</summary>
    /// <param name="lines"><c>user,item,...</c>, ids whole numbers.</param>
    /// <param name="options">The options.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="strings">Whether ids are read as STRING.</param>
    public static string[] Rows(IEnumerable<string> lines, SwingOptions options, long seed, bool strings = false)
    {
        var edges = lines.Select(l => l.Split(',')).Select(f => (User: f[0], Item: f[1])).Distinct().ToList();
        var counts = edges.GroupBy(e => e.User).ToDictionary(g => g.Key, g => g.Count());
        edges = [.. edges.Where(e => counts[e.User] >= options.MinUserItems && counts[e.User] <= (options.MaxUserItems ?? long.MaxValue))];
        if (options.MaxItemUsers is { } cap)
        {
            edges = [.. edges.GroupBy(e => e.Item).SelectMany(item => item
                .OrderBy(e => Hash(seed, e.User), StringComparer.Ordinal)
                .ThenBy(e => Key(e.User, strings), StringComparer.Ordinal)
                .Take((int)cap))];
        }

        var itemsOf = edges.GroupBy(e => e.User).ToDictionary(g => g.Key, g => g.Select(e => e.Item).ToHashSet());
        var usersOf = edges.GroupBy(e => e.Item).ToDictionary(
            g => g.Key, g => g.Select(e => e.User).OrderBy(u => Key(u, strings), StringComparer.Ordinal).ToList());
        var weight = itemsOf.Keys.ToDictionary(u => u, u => Math.Pow(counts[u] + options.Alpha1, -options.Beta));
        var rows = new List<string>();
        foreach ((string i, List<string> users) in usersOf)
        {
            // Only the users of i and j matter to (i, j): take the pairs of i's users in order, and each adds to what it shares.
            var scores = new Dictionary<string, double>();
            var common = users.SelectMany(u => itemsOf[u]).GroupBy(j => j).ToDictionary(g => g.Key, g => g.Count());
            for (int a = 0; a < users.Count; a++)
            {
                for (int b = a + 1; b < users.Count; b++)
                {
                    var both = itemsOf[users[a]].Where(itemsOf[users[b]].Contains).ToList();
                    double product = weight[users[a]] * weight[users[b]];
                    double term = product / (options.Alpha2 + both.Count);
                    foreach (string j in both.Where(j => j != i))
                    {
                        scores[j] = scores.GetValueOrDefault(j) + term;
                    }
                }
            }

            var best = scores
                .Where(s => common[s.Key] >= options.MinCommonUsers)
                .OrderByDescending(s => s.Value)
                .ThenBy(s => Key(s.Key, strings), StringComparer.Ordinal)
                .Take(options.TopK)
                .ToList();
            double divisor = options.Normalize == SwingNormalization.Max && best.Count > 0 ? best[0].Value : 1;
            rows.AddRange(best.Select((s, r) =>
                $"{i}|{s.Key}|{BitConverter.DoubleToInt64Bits(s.Value / divisor):x}|{r + 1}|{common[s.Key]}"));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    /// <summary>A text that orders as the id does: digits as text, or the number with leading zeros.</summary>
    private static string Key(string id, bool strings) => strings ? id : id.PadLeft(20, '0');

#pragma warning disable CA5351 // No security: the definition of the cap is by MD5.
    private static string Hash(long seed, string id) =>
        Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes($"{seed}|cap|{id.Length}|{id}")));
#pragma warning restore CA5351
}
