namespace OneRec.Cli.Tests.Job.Nights;

/// <summary>An archive for <c>backfill</c>: old items that tonight's catalogue does not list, and some that it lists.</summary>
internal sealed class NightArchive
{
    /// <summary>The first id that only archives have.</summary>
    public const long FirstId = 900_001;

    private const int Old = 40;
    private const int FromTonight = 30;

    private readonly string _folder;

    /// <summary>Makes the archive's files.</summary>
    /// <param name="folder">Where they are written.</param>
    /// <param name="tonight">The catalogue of the night.</param>
    public NightArchive(string folder, NightCatalogue tonight)
    {
        _folder = folder;
        Directory.CreateDirectory(folder);
        var items = new Dictionary<long, ItemContent>();
        for (long id = FirstId; id < FirstId + Old; id++)
        {
            items[id] = new ItemContent(0, (id * 1_000) + 1);
        }

        foreach (Listing listing in new[] { Listing.Listed, Listing.Absent, Listing.Removed })
        {
            foreach (long id in tonight.Of(listing).Where(id => tonight.Items[id].Content.Vector is not null).Take(FromTonight))
            {
                items[id] = tonight.Items[id].Content;
            }
        }

        Items = items;
        NightFiles.WriteItems(Path.Combine(folder, "items.csv"), items.Select(i => (i.Key, i.Value, false)));
        NightFiles.WriteVectors(Path.Combine(folder, "vectors.parquet"), items.Select(i => (i.Key, i.Value)));
    }

    /// <summary>Its items.</summary>
    public IReadOnlyDictionary<long, ItemContent> Items { get; }

    /// <summary>The first old items.</summary>
    public IReadOnlyDictionary<long, ItemContent> OldOnes(int count) =>
        Items.Where(i => i.Key >= FirstId).OrderBy(i => i.Key).Take(count).ToDictionary();

    /// <summary>Settings of <c>backfill</c>.</summary>
    public IReadOnlyList<string> Settings =>
        [$"input.items={_folder}/items.csv", $"input.tokens={_folder}/vectors.parquet", "backfill.sliceItems=40"];
}
