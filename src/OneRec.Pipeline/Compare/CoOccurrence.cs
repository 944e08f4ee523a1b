using System.Runtime.InteropServices;
using Apache.Arrow;

namespace OneRec.Pipeline.Compare;

/// <summary>
/// Whether the IDs of items that the same users clicked begin alike: the measure that SIDInspector calls D3 (docs/method/compare.md).
/// </summary>
internal sealed class CoOccurrence
{
    private const int FewestItems = 2;
    private const int MostItems = 200;
    private const long MostPairs = 2_000_000;
    private const int Nearest = 20;

    private readonly IReadOnlyList<int[]> _users;

    private CoOccurrence(IReadOnlyList<int[]> users) => _users = users;

    /// <summary>Reads the users' items.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="clicks"><c>user_id</c>, <c>item_id</c>; repeated clicks count once.</param>
    /// <param name="items">The items; others are left out.</param>
    public static CoOccurrence Read(IQueryEngine engine, IRelation clicks, ComparedItems items)
    {
        var users = new List<int[]>();
        var own = new List<int>();
        string? user = null;
        IRelation rows = engine.Sql(SqlScript.Load(typeof(CoOccurrence), "edges_in_order.sql"), ("clicks", clicks));
        foreach (RecordBatch batch in engine.Collect(rows))
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                {
                    string name = ((StringArray)batch.Column(0)).GetString(row);
                    if (name != user)
                    {
                        users.Add([.. own]);
                        own.Clear();
                        user = name;
                    }

                    if (items.Numbers.Find(batch.Column(1), row) is >= 0 and var item)
                    {
                        own.Add(item);
                    }
                }
            }
        }

        users.Add([.. own]);
        return new CoOccurrence(users);
    }

    /// <summary>For each prefix length the share of an item's most co-occurring items that have its prefix; nothing without such items.</summary>
    public IEnumerable<(int Length, double Share)> SamePrefix(SemanticIdSet set)
    {
        (int Item, int Other)[] edges = [.. Edges(set)];
        if (edges.Length == 0)
        {
            yield break;
        }

        for (int length = 1; length <= set.Levels; length++)
        {
            IReadOnlyList<int> prefixes = set.Prefixes(length);
            yield return (length, edges.Count(e => prefixes[e.Item] == prefixes[e.Other]) / (double)edges.Length);
        }
    }

    private IEnumerable<(int Item, int Other)> Edges(SemanticIdSet set)
    {
        var counts = new Dictionary<(int, int), int>();
        long pairs = 0;
        foreach (int[] all in _users)
        {
            int[] own = [.. all.Where(i => set.Codes[i] is not null)];
            long these = own.Length * (own.Length - 1L) / 2;
            if (own.Length is < FewestItems or > MostItems)
            {
                continue;
            }

            if (pairs > 0 && pairs + these > MostPairs)
            {
                break;
            }

            pairs += these;
            for (int i = 0; i < own.Length; i++)
            {
                for (int j = i + 1; j < own.Length; j++)
                {
                    CollectionsMarshal.GetValueRefOrAddDefault(counts, (Math.Min(own[i], own[j]), Math.Max(own[i], own[j])), out _)++;
                }
            }
        }

        // Numbers of items are in the order of their ids, which decides among equal counts.
        return counts
            .SelectMany(c => new[] { (Item: c.Key.Item1, Other: c.Key.Item2, Count: c.Value), (Item: c.Key.Item2, Other: c.Key.Item1, Count: c.Value) })
            .GroupBy(e => e.Item)
            .SelectMany(g => g.OrderByDescending(e => e.Count).ThenBy(e => e.Other).Take(Nearest))
            .Select(e => (e.Item, e.Other));
    }
}
