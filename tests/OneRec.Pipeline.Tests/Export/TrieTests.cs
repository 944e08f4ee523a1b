using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Export.Ids;

namespace OneRec.Pipeline.Tests.Export;

/// <summary>A trie decodes exactly the set of IDs, and leads to exactly the items of each.</summary>
public sealed class TrieTests : IDisposable
{
    private static readonly int[] Sizes = [4, 5, 300];

    private readonly ExportDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_decoder_that_may_only_go_where_the_trie_leads_decodes_every_ID_and_no_other()
    {
        SplitMix64 draws = new(7);
        DeskId[] ids =
        [
            .. Enumerable.Range(0, 500)
                .Select(i => (Item: (long)i, Codes: Sizes.Select((size, level) => (int)draws.NextBelow(level == 2 ? 20 : size)).ToArray()))
                .GroupBy(i => string.Join('-', i.Codes))
                .SelectMany(g => g.Select((i, slot) => new DeskId(i.Item, i.Codes, slot))),
        ];
        _desk.Write(ids).Export("trie", "out");
        RequireExactly(ids.GroupBy(i => string.Join('-', i.Codes)).ToDictionary(g => g.Key, g => string.Join('/', g.OrderBy(i => i.Slot).Select(i => i.Key))), [4, 5, 300]);

        _desk.Export("trie", "out", TwinPolicy.Slot, overwrite: true);
        RequireExactly(ids.ToDictionary(i => $"{string.Join('-', i.Codes)}-{i.Slot}", i => i.Key), [4, 5, 300, ids.Max(i => i.Slot) + 1]);
    }

    [Fact]
    public void One_ID_and_text_ids_make_a_trie()
    {
        _desk.Write([new DeskId("é", [3, 4, 299])]).Export("trie", "out");
        RequireExactly(new Dictionary<string, string> { ["3-4-299"] = "é" }, [4, 5, 300]);
    }

    // Brute force: every combination of codes below the sizes is tried, by nothing but the arrays.
    private void RequireExactly(Dictionary<string, string> expected, int[] sizes)
    {
        JsonNode note = JsonNode.Parse(File.ReadAllText(_desk["out/trie.json"]))!;
        Assert.Equal(sizes, note["codes"]!.AsArray().Select(c => (int)c!));
        NpyReader[] codes = [.. sizes.Select((_, level) => new NpyReader(_desk[$"out/level_{level}_codes.npy"]))];
        NpyReader[] first = [.. sizes.Select((_, level) => new NpyReader(_desk[$"out/level_{level}_first.npy"]))];
        JsonArray items = JsonNode.Parse(File.ReadAllText(_desk["out/item_ids.json"]))!.AsArray();
        Assert.Equal(note["nodes"]!.AsArray().Select(n => (int)n!), codes.Select(c => c.Length));
        Assert.All(codes.Zip(first), pair => Assert.Equal(pair.First.Length + 1, pair.Second.Length));
        var found = new Dictionary<string, string>();
        int leaves = 0;
        Try(0, 0, codes[0].Length, []);
        Assert.Equal(expected.OrderBy(e => e.Key, StringComparer.Ordinal), found.OrderBy(e => e.Key, StringComparer.Ordinal));
        Assert.Equal(codes[^1].Length, leaves);

        void Try(int level, int from, int to, int[] prefix)
        {
            for (int code = 0; code < sizes[level]; code++)
            {
                int node = Enumerable.Range(from, to - from).Where(n => codes[level][n] == code).DefaultIfEmpty(-1).Single();
                if (node < 0)
                {
                    continue;
                }

                (int start, int end) = ((int)first[level][node], (int)first[level][node + 1]);
                Assert.True(end > start);
                int[] path = [.. prefix, code];
                if (level + 1 < sizes.Length)
                {
                    Try(level + 1, start, end, path);
                }
                else
                {
                    leaves++;
                    found.Add(string.Join('-', path), string.Join('/', Enumerable.Range(start, end - start).Select(i => items[i]!.ToString())));
                }
            }
        }
    }
}
