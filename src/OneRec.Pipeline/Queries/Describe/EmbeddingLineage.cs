using System.Text.Json.Nodes;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>The section <c>embedding</c>: what the ID was computed from, and whether that is still the item's content.</summary>
internal static class EmbeddingLineage
{
    /// <summary>The facts.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="item">The item.</param>
    /// <param name="row">Its ID; null if it has none: then only its embeddings are told.</param>
    public static IEnumerable<LineageFact> Facts(LineageTables tables, ItemState item, IdRow? row)
    {
        string model = tables.Codebook.ModelId;
        if (row is not null)
        {
            yield return LineageFact.Of("embedding_hash", row.EmbeddingHash);
        }

        yield return LineageFact.Of("model_id", model);
        if (row is not null)
        {
            foreach (LineageFact fact in Found(tables, item, row))
            {
                yield return fact;
            }
        }

        string? current = item.Row?.ContentHash;
        string[] hashes = [.. item.Embeddings.Where(e => e.ContentHash == current).Select(e => e.EmbeddingHash)];
        yield return new LineageFact(
            "embeddings",
            item.Embeddings.Count,
            [
                item.Embeddings.Count == 0
                    ? tables.Has("item_embeddings") ? "item_embeddings has none of the item of this model" : "there is no table item_embeddings"
                    : $"{LineageFact.Number(item.Embeddings.Count)} of the item of this model",
            ]);
        if (current is not null && hashes.FirstOrDefault() is { } hash && hash != row?.EmbeddingHash)
        {
            yield return LineageFact.Of("current_embedding_hash", hash);
        }

        yield return Runs(tables, row);
    }

    private static IEnumerable<LineageFact> Found(LineageTables tables, ItemState item, IdRow row)
    {
        string[] contents = [.. item.Embeddings.Where(e => e.EmbeddingHash == row.EmbeddingHash).Select(e => e.ContentHash)];
        string? current = item.Row?.ContentHash;
        if (contents.Length == 0)
        {
            string why = !tables.Has("item_embeddings") ? "no: there is no table item_embeddings; restore it"
                : item.Embeddings.Count == 0 ? "no: item_embeddings has none of the item of this model; restore the table"
                : $"no: item_embeddings has {LineageFact.Number(item.Embeddings.Count)} of the item of this model, but none with this hash; restore the table";
            yield return new LineageFact("exists", false, [why]);
            yield break;
        }

        // Contents that differ only in what the model does not read have the same embedding.
        string content = contents.Contains(current) ? current! : contents[0];
        yield return new LineageFact("exists", true, ["yes, in item_embeddings"]);
        yield return LineageFact.Of("content_hash", content);
        yield return (current is null, content == current) switch
        {
            (true, _) => new LineageFact("content_is", "unknown", ["not known whether it is current: the item is not in items"]),
            (_, true) => new LineageFact("content_is", "current", ["the item's current content"]),
            _ => new LineageFact(
                "content_is",
                "earlier",
                [$"an earlier content: the item's content is {current} since {LineageFact.Moment(item.Row!.UpdatedAt)}, and its ID was kept"]),
        };
        if (contents.Length > 1)
        {
            yield return new LineageFact(
                "contents",
                new JsonArray([.. contents.Select(c => JsonValue.Create(c))]),
                [$"{contents.Length} contents of the item have this embedding"]);
        }
    }

    // item_embeddings does not tell the run of a row.
    private static LineageFact Runs(LineageTables tables, IdRow? row)
    {
        RunRow[] runs =
        [
            .. tables.Runs.Of("embed").Where(r => r.Parameter("model_id") == tables.Codebook.ModelId && (row is null || r.FinishedAt <= row.AssignedAt)),
        ];
        string until = row is null ? "" : " before the ID was assigned";
        return new LineageFact(
            "embed_runs",
            new JsonArray([.. runs.Select(r => new JsonObject { ["run_id"] = r.RunId, ["finished_at"] = LineageFact.Iso(r.FinishedAt) })]),
            [
                runs.Length switch
                {
                    0 => $"table runs has no run of embed with this model{until}",
                    1 => $"table runs has one run of embed with this model{until}: {Text(runs[0])}",
                    _ => $"table runs has {LineageFact.Number(runs.Length)} runs of embed with this model{until}: first {Text(runs[0])}, last {Text(runs[^1])}",
                },
                "item_embeddings does not tell which run a row is of",
            ]);

        static string Text(RunRow run) => $"{run.RunId}, finished {LineageFact.Moment(run.FinishedAt)}";
    }
}
