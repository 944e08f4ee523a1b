using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Pipeline.Queries.Describe;

namespace OneRec.Pipeline.Queries.Explain;

/// <summary>An item near the one that is explained.</summary>
/// <param name="Item">Its id.</param>
/// <param name="Title">Its title; null if it has none.</param>
/// <param name="Sid">Its ID; null if it has none under the codebook.</param>
/// <param name="Slot">The slot of the ID.</param>
/// <param name="Measures">Why it is near, in order: a name, the value for programs, and for people.</param>
internal sealed record Neighbour(object Item, string? Title, string? Sid, int? Slot, IReadOnlyList<(string Name, JsonNode Value, string Text)> Measures)
{
    /// <summary>A measure that is a real number.</summary>
    public static (string Name, JsonNode Value, string Text) Real(string name, double value) =>
        (name, double.IsFinite(value) ? value : value.ToString(CultureInfo.InvariantCulture), Number(value));

    /// <summary>A measure that is a count.</summary>
    public static (string Name, JsonNode Value, string Text) Count(string name, long value) => (name, value, LineageFact.Number(value));

    /// <summary>A real number for people, to six significant digits.</summary>
    public static string Number(double value) => value.ToString("G6", CultureInfo.InvariantCulture);

    /// <summary>Neighbours as one fact: a JSON array of objects; for people, columns with the names of the measures above them.</summary>
    /// <param name="name">The key.</param>
    /// <param name="neighbours">The neighbours, nearest first.</param>
    /// <param name="codes">The codes of the item that is explained; empty if it has none.</param>
    /// <param name="none">What to tell if there are none.</param>
    public static LineageFact Fact(string name, IReadOnlyList<Neighbour> neighbours, IReadOnlyList<int> codes, string none)
    {
        if (neighbours.Count == 0)
        {
            return new LineageFact(name, new JsonArray(), [none]);
        }

        string[][] rows =
        [
            [.. neighbours[0].Measures.Select(m => m.Name.Replace('_', ' ')), "same codes", "ID", "item"],
            .. neighbours.Select(n => (string[])[.. n.Measures.Select(m => m.Text), $"{n.Shared(codes)}", n.Sid ?? "no ID", $"{n.Item}"]),
        ];
        int[] widths = [.. Enumerable.Range(0, rows[0].Length).Select(c => rows.Max(r => r[c].Length))];
        string[] titles = ["title", .. neighbours.Select(n => n.Title ?? "")];
        return new LineageFact(
            name,
            new JsonArray([.. neighbours.Select(n => n.Json(codes))]),
            [.. rows.Select((row, i) => $"{string.Join("  ", row.Select((cell, c) => cell.PadLeft(widths[c])))}  {titles[i]}".TrimEnd())]);
    }

    /// <summary>How many codes an ID has in common with the explained item's, from the first on.</summary>
    private int Shared(IReadOnlyList<int> codes)
    {
        string[] own = Sid?.Split('-') ?? [];
        int shared = 0;
        while (shared < codes.Count && shared < own.Length && own[shared] == codes[shared].ToString(CultureInfo.InvariantCulture))
        {
            shared++;
        }

        return shared;
    }

    private JsonObject Json(IReadOnlyList<int> codes)
    {
        var json = new JsonObject
        {
            ["item_id"] = Item is long number ? JsonValue.Create(number) : JsonValue.Create((string)Item),
            ["title"] = Title,
            ["sid"] = Sid,
            ["slot"] = Slot,
            ["same_codes"] = Shared(codes),
        };
        foreach ((string name, JsonNode value, _) in Measures)
        {
            json[name] = value;
        }

        return json;
    }
}
