using System.Text.Json.Nodes;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>The section <c>codebook</c>: its size, its training, and the generations that it was published as.</summary>
internal static class CodebookLineage
{
    /// <summary>The facts.</summary>
    public static IEnumerable<LineageFact> Facts(LineageTables tables)
    {
        string id = tables.Codebook.CodebookId;
        yield return LineageFact.Of("codebook_id", id);
        yield return new LineageFact(
            "codes",
            new JsonArray([.. tables.Levels.Select(l => JsonValue.Create(l.Codes))]),
            [
                tables.Levels.Count == 0
                    ? "table codebooks does not have it any more: restore the table"
                    : $"{string.Join(" x ", tables.Levels.Select(l => l.Codes))}, {tables.Levels.Count} {(tables.Levels.Count == 1 ? "level" : "levels")}",
            ]);
        if (tables.Levels.Count > 0)
        {
            yield return new LineageFact(
                "trained_on_items", tables.Levels[0].Items, [$"{LineageFact.Number(tables.Levels[0].Items)} items"]);
        }

        // The id is a hash of the content: a training that ends with the same content is of the same codebook.
        RunRow[] trainings = [.. tables.Runs.Of("train").Where(r => r.Fact("codebook") == id)];
        yield return tables.Runs.Fact("trained_by", trainings.FirstOrDefault(), "no run of train in table runs made this codebook");
        if (trainings.Length > 1)
        {
            yield return new LineageFact(
                "trained_again_by",
                new JsonArray([.. trainings[1..].Select(r => JsonValue.Create(r.RunId))]),
                [$"{string.Join(", ", trainings[1..].Select(r => r.RunId))}, with the same result"]);
        }

        foreach (LineageFact fact in Published(tables, id))
        {
            yield return fact;
        }
    }

    private static IEnumerable<LineageFact> Published(LineageTables tables, string id)
    {
        Generation[] own = [.. tables.Generations.Where(g => g.CodebookId == id)];
        Generation? newest = tables.Generations.Count == 0 ? null : tables.Generations[^1];
        yield return new LineageFact(
            "published",
            new JsonArray(
            [
                .. own.Select(g => new JsonObject
                {
                    ["generation"] = g.Number,
                    ["published_at"] = LineageFact.Iso(g.PublishedAt),
                    ["run_id"] = g.RunId,
                    ["in_runs"] = tables.Runs.Find(g.RunId, "publish") is not null,
                    ["current"] = g == newest,
                }),
            ]),
            own.Length == 0
                ? ["never"]
                : [
                    .. own.Select(g => $"as generation {g.Number}{(g == newest ? ", the current one," : "")} at {LineageFact.Moment(g.PublishedAt)} by {g.RunId}"
                        + (tables.Runs.Find(g.RunId, "publish") is null ? ", of which table runs has no row" : "")),
                ]);
        if (newest is null || newest.CodebookId == id)
        {
            yield break;
        }

        yield return new LineageFact(
            "current_codebook",
            new JsonObject { ["codebook_id"] = newest.CodebookId, ["generation"] = newest.Number },
            [$"not this one: readers use {newest.CodebookId}, generation {newest.Number}"]);
    }
}
