namespace OneRec.Pipeline.Queries.Describe;

/// <summary>Why an item has no ID that is not deleted.</summary>
/// <param name="Why">What the tables say.</param>
/// <param name="Cure">The command to run, or what else to do.</param>
internal sealed record MissingId(string Why, string Cure)
{
    /// <summary>The first stage that the item did not pass.</summary>
    public static MissingId Of(LineageTables tables, ItemState item)
    {
        string assign = $"onerec assign{tables.Choice}";
        if (!tables.Has("items"))
        {
            return new MissingId("there is no table items", "restore the table, or run 'onerec ingest'");
        }

        if (item.Row is not { } row)
        {
            return new MissingId($"it is not in items{Rejected(tables)}", "check the id; if the catalogue has it, run 'onerec run'");
        }

        if (row.DeletedAt is { } deleted)
        {
            return new MissingId(
                $"the item was deleted in items at {LineageFact.Moment(deleted)}", "nothing, unless the catalogue has it again: then run 'onerec run'");
        }

        if (!item.Embeddings.Any(e => e.ContentHash == row.ContentHash))
        {
            string content = $"its content {row.ContentHash} has no embedding of model {tables.Codebook.ModelId}";
            return Problem(tables, item) is { } problem
                ? new MissingId($"{content}: run {problem.RunId} of embed put it into quarantine: {problem.Reason}", "mend the item, then run 'onerec run'")
                : new MissingId(content, $"run 'onerec embed', then '{assign}'");
        }

        return new MissingId($"its content is embedded, but it has no ID under codebook {tables.Codebook.CodebookId} yet", $"run '{assign}'");
    }

    // The newest run's reason; runs that table runs does not have count as older.
    private static (string RunId, string Reason)? Problem(LineageTables tables, ItemState item) => item.Problems
        .OrderBy(p => tables.Runs.Find(p.RunId, "embed")?.FinishedAt ?? DateTimeOffset.MinValue)
        .ThenBy(p => p.RunId, StringComparer.Ordinal)
        .Select(p => ((string, string)?)p)
        .LastOrDefault();

    // Rows of the catalogue are in quarantine as they were read: which item one is of cannot be told.
    private static string Rejected(LineageTables tables) =>
        tables.Runs.Of("ingest").LastOrDefault() is { } newest && tables.RejectedRows.TryGetValue(newest.RunId, out long rows)
            ? $"; run {newest.RunId} of ingest put {LineageFact.Number(rows)} {(rows == 1 ? "row" : "rows")} into quarantine, which may have had it"
            : "";
}
