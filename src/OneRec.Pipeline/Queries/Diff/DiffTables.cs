using System.Text.Json.Nodes;
using OneRec.Pipeline.Queries.Describe;

namespace OneRec.Pipeline.Queries.Diff;

/// <summary>The lists of a diff for people, as columns, and for programs.</summary>
internal static class DiffTables
{
    /// <summary>How many ends of a prefix a list of prefixes shows.</summary>
    public const int EndsShown = 3;

    /// <summary>All levels.</summary>
    public static LineageFact Levels(IReadOnlyList<LevelChange> levels) => Table(
        "levels",
        ["level", "moved", "share", "together after", "together before", ""],
        levels,
        l =>
        [
            $"{l.Level}", LineageFact.Number(l.Moved), l.Items == 0 ? "-" : DiffCounts.Percent((double)l.Moved / l.Items),
            l.TogetherBefore is { } before ? DiffCounts.Percent(before) : "-", l.TogetherAfter is { } after ? DiffCounts.Percent(after) : "-", "",
        ],
        l => new JsonObject
        {
            ["level"] = l.Level,
            ["items"] = l.Items,
            ["moved"] = l.Moved,
            ["moved_share"] = l.Items == 0 ? null : (double)l.Moved / l.Items,
            ["together_after"] = l.TogetherBefore,
            ["together_before"] = l.TogetherAfter,
        });

    /// <summary>The prefix that was asked for.</summary>
    public static IEnumerable<LineageFact> Prefix(PrefixChange change)
    {
        yield return LineageFact.Of("prefix", change.Prefix);
        foreach ((string name, long items) in Counts(change))
        {
            yield return LineageFact.Of(name, items);
        }

        yield return new LineageFact("to", Json(change.To), [Text(change.To, "no item has an ID after")]);
        yield return new LineageFact("from", Json(change.From), [Text(change.From, "no item had an ID before")]);
    }

    /// <summary>The prefixes that changed.</summary>
    public static IEnumerable<LineageFact> Prefixes(PrefixChanges changes)
    {
        yield return new LineageFact("length", changes.Length, [$"{changes.Length} {(changes.Length == 1 ? "code" : "codes")}"]);
        yield return LineageFact.Of("changed_count", changes.Count);
        yield return Table(
            "changed",
            ["prefix", "before", "after", "stayed", "departed", "gone", "arrived", "new", "its items are now in"],
            changes.Shown,
            c => [c.Prefix, .. Counts(c).Select(n => LineageFact.Number(n.Items)), Text(c.To, "-")],
            c =>
            {
                var json = new JsonObject { ["prefix"] = c.Prefix };
                foreach ((string name, long items) in Counts(c))
                {
                    json[name] = items;
                }

                (json["to"], json["from"]) = (Json(c.To), Json(c.From));
                return json;
            });
    }

    /// <summary>Items of a change, from rows of <c>diff_examples.sql</c>.</summary>
    public static LineageFact Examples(string change, IReadOnlyList<object?[]> rows) => Table(
        change,
        ["from", "to", "same codes", "item", "title"],
        rows,
        r => [Id(r[2], r[3]), Id(r[4], r[5]), $"{r[6] ?? "-"}", $"{r[0]}", $"{r[1]}"],
        r => new JsonObject
        {
            ["item_id"] = r[0] is long number ? JsonValue.Create(number) : JsonValue.Create((string)r[0]!),
            ["title"] = (string?)r[1],
            ["from_sid"] = (string?)r[2],
            ["from_slot"] = (int?)r[3],
            ["to_sid"] = (string?)r[4],
            ["to_slot"] = (int?)r[5],
            ["same_codes"] = (int?)r[6],
        });

    private static string Id(object? sid, object? slot) => sid is null ? "-" : $"{sid} slot {slot}";

    private static (string Name, long Items)[] Counts(PrefixChange c) =>
        [("before", c.Before), ("after", c.After), ("stayed", c.Stayed), ("departed", c.Departed), ("gone", c.Gone), ("arrived", c.Arrived), ("new", c.Fresh)];

    private static JsonArray Json(IReadOnlyList<(string Prefix, long Items)> ends) =>
        new([.. ends.Select(e => new JsonObject { ["prefix"] = e.Prefix, ["items"] = e.Items })]);

    private static string Text(IReadOnlyList<(string Prefix, long Items)> ends, string none) =>
        ends.Count == 0 ? none : string.Join(", ", ends.Select(e => $"{e.Prefix} ({LineageFact.Number(e.Items)})"));

    // Columns to the right but the last, which may be of any script and so has no width.
    private static LineageFact Table<T>(string name, string[] header, IReadOnlyList<T> rows, Func<T, string[]> cells, Func<T, JsonObject> json)
    {
        if (rows.Count == 0)
        {
            return new LineageFact(name, new JsonArray(), ["none"]);
        }

        string[][] all = [header, .. rows.Select(cells)];
        int[] widths = [.. Enumerable.Range(0, header.Length - 1).Select(c => all.Max(r => r[c].Length))];
        return new LineageFact(
            name,
            new JsonArray([.. rows.Select(json)]),
            [.. all.Select(r => $"{string.Join("  ", widths.Select((w, c) => r[c].PadLeft(w)))}  {r[^1]}".TrimEnd())]);
    }
}
