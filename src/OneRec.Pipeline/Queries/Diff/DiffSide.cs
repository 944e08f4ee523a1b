using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Queries.Describe;

namespace OneRec.Pipeline.Queries.Diff;

/// <summary>A version of the IDs: those of a codebook, in a version of table <c>semantic_ids</c>, that are not deleted.</summary>
/// <param name="Asked">What the user wrote.</param>
/// <param name="CodebookId">The codebook.</param>
/// <param name="Version">The version of <c>semantic_ids</c>.</param>
/// <param name="Rows">Its rows of that version.</param>
internal sealed record DiffSide(string Asked, string CodebookId, long Version, IRelation Rows)
{
    private const int VersionsTried = 20;

    /// <summary>The newest generation that published the codebook; null if none did, or not by then.</summary>
    public Generation? Generation { get; init; }

    /// <summary>The model of the codebook; null if table <c>codebooks</c> no longer has it.</summary>
    public string? ModelId { get; init; }

    /// <summary>Codes of each level of the codebook; empty if table <c>codebooks</c> no longer has it.</summary>
    public IReadOnlyList<long> Codes { get; init; } = [];

    /// <summary>Number of items with an ID.</summary>
    public long Items { get; private init; }

    /// <summary>Number of codes of an ID.</summary>
    public int Levels { get; private init; }

    /// <summary>Counts the rows, and refuses those that no IDs look like.</summary>
    /// <exception cref="OneRecException">There are none, an item has two, or they have different lengths (exit 4).</exception>
    public DiffSide Counted(IEngine engine, IRelation all)
    {
        object?[] row = RowReader.Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(DiffSide), "diff_side.sql"), ("ids", Rows))))[0];
        (long items, long distinct, int shortest, int longest) = ((long)row[0]!, (long)row[1]!, (int)row[2]!, (int)row[3]!);
        return items == 0 ? throw NoIds(engine, all)
            : items != distinct ? throw Broken($"{LineageFact.Number(items - distinct)} IDs are of items that have another one")
            : shortest != longest ? throw Broken($"its IDs have from {shortest} to {longest} codes")
            : this with { Items = items, Levels = longest };
    }

    /// <summary>The side for people and programs.</summary>
    public LineageFact Fact(string name)
    {
        string items = $"{LineageFact.Number(Items)} {(Items == 1 ? "item" : "items")}";
        string codes = Codes.Count == 0 ? $"{Levels} levels; the codebook is no longer in table codebooks" : $"{string.Join(" x ", Codes)} codes";
        return new LineageFact(
            name,
            new JsonObject
            {
                ["asked"] = Asked,
                ["codebook_id"] = CodebookId,
                ["model_id"] = ModelId,
                ["generation"] = Generation?.Number,
                ["published_at"] = Generation is { } g ? LineageFact.Iso(g.PublishedAt) : null,
                ["semantic_ids_version"] = Version,
                ["items"] = Items,
                ["levels"] = Levels,
                ["codes"] = Codes.Count == 0 ? null : new JsonArray([.. Codes.Select(c => JsonValue.Create(c))]),
            },
            [
                $"{Asked}: codebook {CodebookId}, {items}, {codes}",
                string.Create(CultureInfo.InvariantCulture, $"version {Version} of semantic_ids; {(Generation is { } published
                    ? $"generation {published.Number}, published {LineageFact.Moment(published.PublishedAt)}"
                    : "not published")}"),
            ]);
    }

    private OneRecException NoIds(IEngine engine, IRelation all)
    {
        string[] others =
        [
            .. RowReader.Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(DiffSide), "diff_codebooks.sql"), ("ids", all)))).Select(r => (string)r[0]!),
        ];
        string have = others.Length == 0 ? "nor has any other codebook" : $"codebooks with IDs there: {string.Join(", ", others)}";
        string cure = Before(engine) is { } version ? string.Create(CultureInfo.InvariantCulture, $"; version {version} has some: {CodebookId}@{version}") : "";
        return OneRecException.Table(
            "diff.no-ids", string.Create(CultureInfo.InvariantCulture, $"{Asked}: codebook {CodebookId} has no IDs in version {Version} of semantic_ids; {have}{cure}"));
    }

    // The newest version before that has IDs of the codebook, such as before 'maintain' removed it; null if none of the last ones has.
    private long? Before(IEngine engine)
    {
        for (long version = Version - 1; version >= Math.Max(0, Version - VersionsTried); version--)
        {
            try
            {
                IRelation ids = CurrentIds.Of(engine, engine.ReadTable("semantic_ids", version), CodebookId);
                if (RowReader.Read(engine.Collect(engine.Sql(new SqlScript("SELECT item_id FROM ids LIMIT 1"), ("ids", ids)))).Count > 0)
                {
                    return version;
                }
            }
            catch (OneRecException)
            {
                // The log or the files of older versions were removed.
                return null;
            }
        }

        return null;
    }

    private OneRecException Broken(string what) => OneRecException.Table(
        "diff.ids", string.Create(CultureInfo.InvariantCulture, $"semantic_ids version {Version}, codebook {CodebookId}: {what}; run 'onerec verify'"));
}
