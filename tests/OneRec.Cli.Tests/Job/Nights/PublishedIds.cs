using OneRec.Delta;
using OneRec.Engine.Relations;

namespace OneRec.Cli.Tests.Job.Nights;

/// <summary>A row of <c>semantic_ids</c>.</summary>
internal readonly record struct GivenId(long Item, string Sid, int Slot, bool Deleted);

/// <summary>What a reader of the tables sees: the published codebook and its IDs, read without an engine.</summary>
internal sealed class PublishedIds
{
    private PublishedIds(long generation, string codebook, IReadOnlyList<GivenId> rows)
    {
        (Generation, Codebook, Rows) = (generation, codebook, rows);
        Current = rows.Where(r => !r.Deleted).ToDictionary(r => r.Item, r => (r.Sid, r.Slot));
    }

    /// <summary>How often a codebook was published.</summary>
    public long Generation { get; }

    /// <summary>The published codebook.</summary>
    public string Codebook { get; }

    /// <summary>All its rows, deleted ones too.</summary>
    public IReadOnlyList<GivenId> Rows { get; }

    /// <summary>The IDs of items that have one.</summary>
    public IReadOnlyDictionary<long, (string Sid, int Slot)> Current { get; }

    /// <summary>Reads the newest version of the tables.</summary>
    public static PublishedIds Read(string tables)
    {
        object?[] newest = Scan(tables, "published", "generation", "codebook_id").MaxBy(row => (long)row[0]!)!;
        string codebook = (string)newest[1]!;
        return new PublishedIds(
            (long)newest[0]!,
            codebook,
            [
                .. Scan(tables, "semantic_ids", "codebook_id", "item_id", "sid", "slot", "deleted_at")
                    .Where(row => (string)row[0]! == codebook)
                    .Select(row => new GivenId((long)row[1]!, (string)row[2]!, (int)row[3]!, row[4] is not null)),
            ]);
    }

    private static List<object?[]> Scan(string tables, string table, params string[] columns) =>
        RowReader.Read(DeltaTable.At(Path.Combine(tables, table)).LatestSnapshot()!.Scan(columns));
}
