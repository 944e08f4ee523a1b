using System.Globalization;
using System.Text;
using OneRec.Core;

namespace OneRec.Cli.Tests.Job.Nights;

/// <summary>What an item says of itself.</summary>
/// <param name="Title">Version of its title.</param>
/// <param name="Vector">Seed of its vector: items with the same seed have the same vector. Null: the vector is not there yet.</param>
internal readonly record struct ItemContent(int Title, long? Vector);

/// <summary>How the catalogue lists an item.</summary>
internal enum Listing
{
    /// <summary>It is there.</summary>
    Listed,

    /// <summary>It is missing, which deletes it, because the catalogue is a snapshot.</summary>
    Absent,

    /// <summary>It is there and marked as deleted (<c>input.deleted</c>).</summary>
    Removed,
}

/// <summary>An item of the catalogue.</summary>
internal sealed record NightItem(ItemContent Content, Listing Listing, int Since);

/// <summary>
/// A catalogue, its vectors and a log that change night by night, equal in every run of the tests: items come, change, change
/// back, go in two ways and return, and the log gets a file a night.
/// </summary>
internal sealed class NightCatalogue
{
    /// <summary>Items of the first night.</summary>
    public const int FirstItems = 1_000;

    /// <summary>Items that are new in a night: 1%.</summary>
    public const int NewItems = 10;

    private const int Versions = 1_000;
    private const int Users = 200;
    private const int FirstClicks = 6_000;
    private const int Clicks = 150;

    private readonly string _folder;
    private readonly SortedDictionary<long, NightItem> _items = [];
    private readonly Dictionary<long, ItemContent> _earlier = [];
    private readonly HashSet<long> _touched = [];
    private SplitMix64 _draws;

    /// <summary>Makes the catalogue of night 1.</summary>
    /// <param name="folder">Where its files are written.</param>
    public NightCatalogue(string folder)
    {
        _folder = folder;
        Directory.CreateDirectory(Path.Combine(folder, "log"));
        for (long id = 1; id <= FirstItems; id++)
        {
            // Some share a vector from the start.
            _items[id] = new NightItem(new ItemContent(0, (id % 20 == 0 ? id - 1 : id) * Versions), Listing.Listed, 1);
        }

        WriteLog(FirstClicks);
    }

    /// <summary>The night, from 1.</summary>
    public int Night { get; private set; } = 1;

    /// <summary>All items that ever were, by id.</summary>
    public IReadOnlyDictionary<long, NightItem> Items => _items;

    /// <summary>Items of a listing, by id.</summary>
    public IEnumerable<long> Of(Listing listing) => _items.Where(i => i.Value.Listing == listing).Select(i => i.Key);

    /// <summary>Goes on to the next night.</summary>
    /// <param name="more">Items that come besides, such as old ones of an archive.</param>
    public void Next(params IReadOnlyDictionary<long, ItemContent>[] more)
    {
        Night++;
        _draws = new SplitMix64((ulong)Night);
        _touched.Clear();
        foreach (long id in Items.Where(i => i.Value.Content.Vector is null && i.Value.Since <= Night - 2).Select(i => i.Key).ToArray())
        {
            Change(id, c => c with { Vector = id * Versions });
        }

        foreach (long id in Pick(2, id => IsListed(id) && _earlier.ContainsKey(id)))
        {
            Change(id, _ => _earlier[id]);
        }

        Pick(5, IsListed).ForEach(id => Change(id, c => c with { Title = Night }));
        Pick(5, IsListed).ForEach(id => Change(id, c => c with { Vector = (id * Versions) + Night }));
        Pick(2, id => _items[id].Listing == Listing.Absent).ForEach(id => List(id, Listing.Listed));
        Pick(1, id => _items[id].Listing == Listing.Removed).ForEach(id => List(id, Listing.Listed));
        foreach (long id in Pick(1, id => _items[id].Listing != Listing.Listed))
        {
            Change(id, _ => new ItemContent(Night, (id * Versions) + Night));
            List(id, Listing.Listed);
        }

        Pick(4, IsListed).ForEach(id => List(id, Listing.Absent));
        Pick(3, IsListed).ForEach(id => List(id, Listing.Removed));
        Add();
        foreach ((long id, ItemContent content) in more.SelectMany(m => m))
        {
            _items[id] = new NightItem(content, Listing.Listed, Night);
        }

        WriteLog(Clicks);
    }

    /// <summary>Writes catalogue and vectors. The log's file was written when the night began.</summary>
    public void Write()
    {
        NightFiles.WriteItems(
            Path.Combine(_folder, "items.csv"),
            _items.Where(i => i.Value.Listing != Listing.Absent).Select(i => (i.Key, i.Value.Content, i.Value.Listing == Listing.Removed)));
        NightFiles.WriteVectors(
            Path.Combine(_folder, "vectors.parquet"),
            _items.Where(i => i.Value.Listing != Listing.Absent).Select(i => (i.Key, i.Value.Content)));
    }

    private bool IsListed(long id) => _items[id] is { Listing: Listing.Listed, Content.Vector: not null };

    // The first has no vector for two nights, and the second has that of another item.
    private void Add()
    {
        long next = _items.Keys.Where(id => id < NightArchive.FirstId).Max() + 1;
        long twin = Pick(1, IsListed)[0];
        for (int n = 0; n < NewItems; n++)
        {
            long? vector = n switch { 0 => null, 1 => _items[twin].Content.Vector, _ => (next + n) * Versions };
            _items[next + n] = new NightItem(new ItemContent(0, vector), Listing.Listed, Night);
        }
    }

    private void Change(long id, Func<ItemContent, ItemContent> change)
    {
        NightItem item = _items[id];
        _items[id] = item with { Content = change(item.Content) };
        if (item.Content.Vector is not null)
        {
            _earlier[id] = item.Content;
        }

        _touched.Add(id);
    }

    private void List(long id, Listing listing)
    {
        _items[id] = _items[id] with { Listing = listing };
        _touched.Add(id);
    }

    // Each item changes at most once a night, and each that returns does so only after a night away.
    private List<long> Pick(int count, Func<long, bool> fits)
    {
        List<long> all = [.. _items.Keys.Where(id => !_touched.Contains(id) && fits(id))];
        var picked = new List<long>();
        while (picked.Count < count && all.Count > 0)
        {
            int at = (int)_draws.NextBelow(all.Count);
            picked.Add(all[at]);
            all.RemoveAt(at);
        }

        return picked;
    }

    private void WriteLog(int clicks)
    {
        const long FirstNight = 1_767_225_600;
        long[] listed = [.. Of(Listing.Listed)];
        ILookup<int, long> topics = listed.ToLookup(id => NightFiles.TopicOf(id * Versions));
        var draws = new SplitMix64(1_000_000UL + (ulong)Night);
        var text = new StringBuilder("user_id,item_id,event_time\n");
        for (int n = 0; n < clicks; n++)
        {
            long user = draws.NextBelow(Users);
            long[] liked = draws.NextBelow(5) == 0 ? listed : [.. topics[(int)(user % NightFiles.Topics)]];
            text.Append(CultureInfo.InvariantCulture, $"{user},{liked[draws.NextBelow(liked.Length)]},{FirstNight + (Night * 86_400L) + n}\n");
        }

        File.WriteAllText(Path.Combine(_folder, "log", $"night-{Night:D2}.csv"), text.ToString());
    }
}
