namespace OneRec.Cli.Tests.Job.Nights;

/// <summary>What a run is to tell of the items.</summary>
internal sealed record ExpectedNight(
    long New, long Changed, long Revived, long Deleted, long Same, long Embedded, long Unembeddable, long Appended, long Ended);

/// <summary>
/// What the tables are to hold, by the rules of README.md and without the program: the items with their content, which contents
/// have an embedding, and which items have an ID under each codebook, with the vector that it was given for.
/// </summary>
internal sealed class ExpectedTables
{
    private readonly Dictionary<long, (ItemContent Content, bool Deleted)> _items = [];
    private readonly HashSet<(long Id, ItemContent Content)> _embedded = [];
    private readonly Dictionary<string, Dictionary<long, long>> _ids = [];

    /// <summary>The published codebook; null at first.</summary>
    public string? Published { get; private set; }

    /// <summary>Items with an ID under the published codebook, with the vector that it was given for.</summary>
    public IReadOnlyDictionary<long, long> Ids => _ids[Published!];

    /// <summary>Items that have an embedding of their content and no ID under the published codebook.</summary>
    public int WithoutId => Live().Count(i => !Ids.ContainsKey(i.Id));

    /// <summary>The night's run.</summary>
    /// <param name="catalogue">Tonight's catalogue.</param>
    /// <param name="trained">The codebook that the run trains and publishes; null if it trains none.</param>
    public ExpectedNight Run(NightCatalogue catalogue, string? trained)
    {
        var changes = new Dictionary<string, long>();
        foreach ((long id, NightItem item) in catalogue.Items.Where(i => i.Value.Listing != Listing.Absent || _items.ContainsKey(i.Key)))
        {
            string change = Ingest(id, item);
            changes[change] = changes.GetValueOrDefault(change) + 1;
        }

        // Items of archives are not in the table items.
        int embedded = _embedded.Count;
        foreach ((long id, (ItemContent content, bool deleted)) in _items)
        {
            if (!deleted && content.Vector is not null)
            {
                _embedded.Add((id, content));
            }
        }

        (long appended, long ended) = Assign(trained);
        return new ExpectedNight(
            changes.GetValueOrDefault("new"),
            changes.GetValueOrDefault("changed"),
            changes.GetValueOrDefault("revived"),
            changes.GetValueOrDefault("deleted"),
            changes.GetValueOrDefault("same"),
            _embedded.Count - embedded,
            _items.Values.Count(i => !i.Deleted && i.Content.Vector is null),
            appended,
            ended);
    }

    /// <summary>An archive's items get IDs, but for those that have one and those that are deleted or have other content.</summary>
    /// <returns>How many get one.</returns>
    public int Backfill(NightArchive archive)
    {
        int before = Ids.Count;
        foreach ((long id, ItemContent content) in archive.Items)
        {
            bool known = _items.TryGetValue(id, out (ItemContent Content, bool Deleted) item);
            if (!known || (!item.Deleted && item.Content == content))
            {
                _embedded.Add((id, content));
                _ids[Published!].TryAdd(id, content.Vector!.Value);
            }
        }

        return Ids.Count - before;
    }

    /// <summary>Another codebook is published, with the IDs that it had when it was last published.</summary>
    public void Publish(string codebook)
    {
        Assert.Contains(codebook, _ids.Keys);
        Published = codebook;
    }

    private string Ingest(long id, NightItem item)
    {
        bool known = _items.TryGetValue(id, out (ItemContent Content, bool Deleted) was);
        bool deleted = item.Listing != Listing.Listed;

        // The catalogue does not say what an absent item is like.
        ItemContent content = item.Listing == Listing.Absent ? was.Content : item.Content;
        _items[id] = (content, deleted);
        return (known, was.Deleted, deleted) switch
        {
            (false, _, _) => "new",
            (_, false, true) => "deleted",
            (_, true, false) => "revived",
            _ => was.Content == content ? "same" : "changed",
        };
    }

    private (long Appended, long Ended) Assign(string? trained)
    {
        long ended = 0;
        if (trained is not null)
        {
            _ids[trained] = [];
            Published = trained;
        }

        Dictionary<long, long> ids = _ids[Published!];
        foreach (long id in ids.Keys.Where(id => _items.TryGetValue(id, out var item) && item.Deleted).ToArray())
        {
            ids.Remove(id);
            ended++;
        }

        long appended = 0;
        foreach ((long id, long vector) in Live())
        {
            appended += ids.TryAdd(id, vector) ? 1 : 0;
        }

        return (appended, ended);
    }

    private IEnumerable<(long Id, long Vector)> Live() => _items
        .Where(i => !i.Value.Deleted && _embedded.Contains((i.Key, i.Value.Content)))
        .Select(i => (i.Key, i.Value.Content.Vector!.Value));
}
