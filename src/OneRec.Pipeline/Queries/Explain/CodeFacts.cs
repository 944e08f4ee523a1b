using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Pipeline.Queries.Describe;

namespace OneRec.Pipeline.Queries.Explain;

/// <summary>The section <c>codes</c>: each level's distance to the best and the second-best centroid, and where the item would fall otherwise.</summary>
internal sealed class CodeFacts
{
    private readonly ILookup<int, (long Found, Neighbour Item)> _under;
    private readonly Dictionary<(int Place, int Level), int> _prefixes = [];

    /// <summary>Reads what lies under the second-best prefixes of all items, in one query.</summary>
    public CodeFacts(NeighbourReader near, IReadOnlyList<ExplainedItem> items)
    {
        var prefixes = new List<IReadOnlyList<int>>();
        foreach (ExplainedItem item in items)
        {
            foreach (LevelChoice choice in item.Choices.Where(c => c.Second is not null))
            {
                _prefixes.Add((item.Place, choice.Level), prefixes.Count);
                prefixes.Add([.. choice.Second!.Would.Take(choice.Level + 1)]);
            }
        }

        _under = near.Under(prefixes);
    }

    /// <summary>The facts of an item, level by level.</summary>
    public IEnumerable<LineageFact> Of(ExplainedItem item)
    {
        if (item.Choices.Count == 0)
        {
            yield return LineageFact.Of("not_known", item.Vector is null
                ? item.Row is null ? "the item has no embedding of its current content" : "the embedding that the ID was computed from is not in item_embeddings; restore the table"
                : "table codebooks does not have the codebook any more; restore the table");
            yield break;
        }

        foreach (LevelChoice choice in item.Choices)
        {
            yield return Level(item, choice);
        }

        if (item.Row is { } row && row.NearestCode == item.Choices[^1].Code && row.Codes[^1] != row.NearestCode)
        {
            yield return LineageFact.Of(
                "moved", $"the last code is {row.Codes[^1]}, not {row.NearestCode}: the nearest one had no room (assign.maxItemsPerId)");
        }
        else if (item.Row is not null && !item.Codes.SequenceEqual(item.Choices.Select(c => c.Code)))
        {
            yield return LineageFact.Of(
                "differs", $"the embedding has the codes {Sid(item.Choices.Select(c => c.Code))}, not those of the ID; run 'onerec verify'");
        }
    }

    private LineageFact Level(ExplainedItem item, LevelChoice choice)
    {
        var json = new JsonObject { ["code"] = choice.Code, ["distance"] = choice.Distance };
        string line = $"code {choice.Code} at distance {Neighbour.Number(choice.Distance)}";
        if (choice.Second is not { } second)
        {
            return new LineageFact($"level_{choice.Level}", json, [$"{line}, the only code"]);
        }

        (long Found, Neighbour Item)[] there = [.. _under[_prefixes[(item.Place, choice.Level)]]];
        long found = there.Length == 0 ? 0 : there[0].Found;
        string prefix = Sid(second.Would.Take(choice.Level + 1));
        json["second_code"] = second.Code;
        json["second_distance"] = second.Distance;
        json["margin"] = second.Margin;
        json["move"] = second.Move;
        json["second_sid"] = Sid(second.Would);
        json["second_prefix"] = prefix;
        json["second_prefix_items"] = found;
        json["second_prefix_titles"] = new JsonArray([.. there.Select(t => JsonValue.Create(Title(t.Item)))]);
        return new LineageFact(
            $"level_{choice.Level}",
            json,
            [
                $"{line}; second {second.Code} at {Neighbour.Number(second.Distance)}, margin {Neighbour.Number(second.Margin)}",
                $"{second.Code} would be nearer if the embedding moved {Neighbour.Number(second.Move)} towards it; the ID would be {Sid(second.Would)}",
                $"{prefix} has {found.ToString("N0", CultureInfo.InvariantCulture)} {(found == 1 ? "item" : "items")}{(there.Length == 0 ? "" : ": " + string.Join("; ", there.Select(t => Title(t.Item))) + (found > there.Length ? "; ..." : ""))}",
            ]);
    }

    private static string Title(Neighbour item) => item.Title ?? $"{item.Item}";

    private static string Sid(IEnumerable<int> codes) => string.Join('-', codes);
}
