using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Export.Files;
using OneRec.Export.Folder;
using OneRec.Export.Ids;

namespace OneRec.Export.Formats;

/// <summary>
/// A prefix trie of the IDs, for constrained decoding: two arrays a level. A node of a level is a place in its arrays, in
/// ascending order of prefixes; <c>codes</c> has its code, and its children are the places <c>first[n]</c> to
/// <c>first[n + 1] - 1</c> of the next level. Children of the last level are places in <c>item_ids.json</c>.
/// </summary>
internal sealed class TrieFormat : IExportFormat
{
    public string Name => "trie";

    public string Summary => "a prefix trie for constrained decoding, as arrays";

    public string Files => "level_N_codes.npy, level_N_first.npy, item_ids.json, trie.json";

    public TwinPolicy Twins => TwinPolicy.Share;

    public IReadOnlyList<Fact> Write(ExportedIds ids, ExportFolder folder, string place)
    {
        int levels = ids.Sizes.Count;
        NpyFile[] codes = [.. Enumerable.Range(0, levels).Select(l => NpyFile.Int32(folder.Create($"level_{l}_codes.npy")))];
        NpyFile[] first = [.. Enumerable.Range(0, levels).Select(l => NpyFile.Int64(folder.Create($"level_{l}_first.npy")))];
        try
        {
            WriteNodes(ids, folder, codes, first);
            WriteNote(ids, folder, codes);
            return [Fact.Of("nodes", codes.Sum(c => c.Count))];
        }
        finally
        {
            foreach (NpyFile file in codes.Concat(first))
            {
                file.Dispose();
            }
        }
    }

    private static void WriteNodes(ExportedIds ids, ExportFolder folder, NpyFile[] codes, NpyFile[] first)
    {
        using var items = new ItemIdsFile(folder.Create("item_ids.json"));
        long count = 0;
        int[] before = [];
        foreach (ExportedItem item in ids.ByCodes("IDs"))
        {
            for (int level = before.AsSpan().CommonPrefixLength(item.Codes); level < codes.Length; level++)
            {
                // The children of a new node are what comes next.
                codes[level].Add(item.Codes[level]);
                first[level].Add(level + 1 < codes.Length ? codes[level + 1].Count : count);
            }

            items.Add(item.Id);
            count++;
            before = item.Codes;
        }

        items.Finish();
        for (int level = 0; level < codes.Length; level++)
        {
            first[level].Add(level + 1 < codes.Length ? codes[level + 1].Count : count);
            codes[level].Finish();
            first[level].Finish();
        }
    }

    private static void WriteNote(ExportedIds ids, ExportFolder folder, NpyFile[] codes)
    {
        var note = new JsonObject
        {
            ["levels"] = codes.Length,
            ["codes"] = new JsonArray([.. ids.Sizes.Select(s => JsonValue.Create(s))]),
            ["nodes"] = new JsonArray([.. codes.Select(c => JsonValue.Create(c.Count))]),
            ["items"] = ids.Counts.Items,
            ["tokens"] = new JsonArray([.. codes.Select((_, level) => JsonValue.Create($"<{Tokens.Letter(level)}_{{code}}>"))]),
        };
        using Stream file = folder.Create("trie.json");
        using var json = new Utf8JsonWriter(file, JsonLines.Options with { Indented = true });
        note.WriteTo(json);
    }
}
