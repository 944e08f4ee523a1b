using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>The section <c>id</c>: the ID, when and by which run it was assigned; or why there is none.</summary>
internal static class IdLineage
{
    /// <summary>The item's ID under the codebook: the live one, else the one that was deleted last; null if it never had one.</summary>
    public static IdRow? Chosen(ItemState item, Codebook codebook) => item.Ids
        .Where(r => r.CodebookId == codebook.CodebookId)
        .OrderBy(r => r.DeletedAt is null)
        .ThenBy(r => r.DeletedAt)
        .LastOrDefault();

    /// <summary>The facts.</summary>
    public static IEnumerable<LineageFact> Facts(LineageTables tables, ItemState item, IdRow? row)
    {
        if (row is not null)
        {
            foreach (LineageFact fact in Facts(tables, row))
            {
                yield return fact;
            }
        }

        if (row is null || row.DeletedAt is not null)
        {
            MissingId missing = MissingId.Of(tables, item);
            yield return LineageFact.Of("why_none", missing.Why);
            yield return LineageFact.Of("do", missing.Cure);
        }
        else if (item.Row?.DeletedAt is { } gone)
        {
            yield return LineageFact.Of(
                "notice", $"the item was deleted in items at {LineageFact.Moment(gone)}, its ID was not; run 'onerec assign{tables.Choice}'");
        }

        IdRow[] others = [.. item.Ids.Where(r => r != row && r.CodebookId == tables.Codebook.CodebookId)];
        if (others.Length > 0)
        {
            yield return Rows("other_rows", others);
        }

        IdRow[] elsewhere = [.. item.Ids.Where(r => r.CodebookId != tables.Codebook.CodebookId)];
        if (elsewhere.Length > 0)
        {
            yield return Rows("other_codebooks", elsewhere);
        }
    }

    private static IEnumerable<LineageFact> Facts(LineageTables tables, IdRow row)
    {
        yield return LineageFact.Of("sid", row.Sid);
        yield return LineageFact.Of("slot", row.Slot);
        yield return new LineageFact(
            "codes", new JsonArray([.. row.Codes.Select(c => JsonValue.Create(c))]), [string.Join(", ", row.Codes)]);
        if (row.Codes.Count > 0 && row.NearestCode != row.Codes[^1])
        {
            yield return new LineageFact(
                "nearest_code",
                row.NearestCode,
                [$"{row.NearestCode} is the nearest last code, but had no room (assign.maxItemsPerId): the item was moved to {row.Codes[^1]}"]);
        }
        else
        {
            yield return LineageFact.Of("nearest_code", row.NearestCode);
        }

        string error = row.Error.ToString("R", CultureInfo.InvariantCulture);
        yield return new LineageFact(
            "error", float.IsFinite(row.Error) ? JsonValue.Create(row.Error) : error, [error]);
        yield return LineageFact.Of("assigned_at", row.AssignedAt);
        yield return LineageFact.Of("deleted_at", row.DeletedAt, "not deleted");
        yield return tables.Runs.Fact("run", row.RunId, "assign");
    }

    private static LineageFact Rows(string name, IdRow[] rows) => new(
        name,
        new JsonArray(
        [
            .. rows.Select(r => new JsonObject
            {
                ["codebook_id"] = r.CodebookId,
                ["sid"] = r.Sid,
                ["slot"] = r.Slot,
                ["assigned_at"] = LineageFact.Iso(r.AssignedAt),
                ["deleted_at"] = r.DeletedAt is { } deleted ? LineageFact.Iso(deleted) : null,
                ["run_id"] = r.RunId,
            }),
        ]),
        [
            .. rows.Select(r => $"{r.Sid} slot {r.Slot} of codebook {r.CodebookId}, assigned {LineageFact.Moment(r.AssignedAt)} by {r.RunId}"
                + (r.DeletedAt is { } deleted ? $", deleted {LineageFact.Moment(deleted)}" : "")),
        ]);
}
