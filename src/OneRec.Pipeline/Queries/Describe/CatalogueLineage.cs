namespace OneRec.Pipeline.Queries.Describe;

/// <summary>The section <c>catalogue</c>: the item's row, and the runs of <c>ingest</c> that made and deleted it.</summary>
internal static class CatalogueLineage
{
    /// <summary>The facts.</summary>
    public static IEnumerable<LineageFact> Facts(LineageTables tables, ItemState item)
    {
        if (item.Row is not { } row)
        {
            yield return new LineageFact("in_items", false, [tables.Has("items") ? "no" : "there is no table items"]);
            yield break;
        }

        yield return new LineageFact(
            "in_items", true, [item.RowCount == 1 ? "yes" : $"{item.RowCount} rows, of which one is told; another program wrote them: run 'onerec verify'"]);
        yield return LineageFact.Data("title", row.Title);
        yield return LineageFact.Data("caption", row.Caption);
        yield return LineageFact.Data("tags", row.Tags);
        yield return LineageFact.Of("content_hash", row.ContentHash);
        yield return LineageFact.Of("updated_at", row.UpdatedAt);
        yield return LineageFact.Of("deleted_at", row.DeletedAt, "not deleted");
        yield return At(tables, "updated_by", row.UpdatedAt);
        if (row.DeletedAt is { } deleted)
        {
            yield return At(tables, "deleted_by", deleted);
        }

        yield return LineageFact.Configured("input.items", tables.Options.Input.Items);
    }

    // Rows carry no run, but the time of the one that wrote them, and one run at a time works on the tables.
    private static LineageFact At(LineageTables tables, string name, DateTimeOffset time) => tables.Runs.Fact(
        name,
        tables.Runs.Of("ingest").FirstOrDefault(r => r.Covers(time)),
        $"no run of ingest in table runs was at work at {LineageFact.Moment(time)}: its row was removed, or it was killed before it wrote the row");
}
