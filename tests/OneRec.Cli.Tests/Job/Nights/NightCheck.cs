using System.Text.Json.Nodes;

namespace OneRec.Cli.Tests.Job.Nights;

/// <summary>Holds what the tables have after each run against what they are to have.</summary>
/// <param name="desk">The tables.</param>
internal sealed class NightCheck(NightDesk desk)
{
    private readonly Dictionary<(string Codebook, string Sid, int Slot), long> _given = [];
    private readonly Dictionary<string, IReadOnlyDictionary<long, (string Sid, int Slot)>> _last = [];
    private readonly List<string> _codebooks = [];

    /// <summary>What the tables are to hold.</summary>
    public ExpectedTables Expected { get; } = new();

    /// <summary>The IDs after the last check; null at first.</summary>
    public PublishedIds? Ids { get; private set; }

    /// <summary>After a run: what it told is what happened to the items, and no published ID moved otherwise.</summary>
    /// <param name="summary">What it told.</param>
    /// <param name="trained">Whether it trained a codebook and published it.</param>
    public void AfterRun(NightSummary summary, bool trained = false)
    {
        PublishedIds ids = desk.Ids();
        ExpectedNight night = Expected.Run(desk.Catalogue, trained ? ids.Codebook : null);
        RequireTold(summary, night, trained);
        RequireExpected(ids);
        if (trained)
        {
            RequireRelabelled(summary, ids);
        }
        else
        {
            RequireNoneMoved(ids);
        }

        Take(ids);
    }

    /// <summary>After a backfill, which may have had a run beside it.</summary>
    public void AfterBackfill(NightArchive archive, NightSummary summary)
    {
        PublishedIds ids = desk.Ids();
        Assert.Equal(Expected.Backfill(archive), summary.Count("backfill", "ids appended"));
        RequireExpected(ids);
        RequireNoneMoved(ids);
        Take(ids);
    }

    /// <summary>After a run and a backfill at once: an item gets an ID from one of them.</summary>
    public void AfterRunAndBackfill(NightSummary run, NightArchive archive, NightSummary backfill)
    {
        PublishedIds ids = desk.Ids();
        RequireTold(run, Expected.Run(desk.Catalogue, null), trained: false);
        Assert.Equal(Expected.Backfill(archive), backfill.Count("backfill", "ids appended"));
        RequireExpected(ids);
        RequireNoneMoved(ids);
        Take(ids);
    }

    /// <summary>The codebook that was published before another one.</summary>
    public string CodebookBefore(string codebook) => _codebooks[_codebooks.LastIndexOf(codebook) - 1];

    /// <summary>After the codebook before was published again: its IDs are those that it had when it was last published.</summary>
    public void AfterRollback(string codebook)
    {
        PublishedIds ids = desk.Ids();
        Expected.Publish(codebook);
        Assert.Equal(codebook, ids.Codebook);
        Assert.Equal(Sorted(_last[codebook]), Sorted(ids.Current));
        RequireExpected(ids);
        Take(ids);
    }

    /// <summary>After a command that is to change no row of the IDs.</summary>
    public void AfterNothing()
    {
        PublishedIds ids = desk.Ids();
        Assert.Equal((Ids!.Generation, Ids.Codebook), (ids.Generation, ids.Codebook));
        Assert.Equal(Ids.Rows.OrderBy(r => (r.Item, r.Slot)), ids.Rows.OrderBy(r => (r.Item, r.Slot)));
    }

    // A step that an interrupted run has finished before is up to date and tells nothing.
    private static void RequireTold(NightSummary summary, ExpectedNight night, bool trained)
    {
        if (summary.Did("ingest"))
        {
            Assert.Equal(
                (night.New, night.Changed, night.Revived, night.Deleted, night.Same),
                (summary.Count("ingest", "new"), summary.Count("ingest", "changed"), summary.Count("ingest", "revived"),
                    summary.Count("ingest", "deleted"), summary.Count("ingest", "same")));
        }

        if (summary.Did("embed"))
        {
            Assert.Equal(
                (night.Embedded, night.Unembeddable), (summary.Count("embed", "embedded"), summary.Count("embed", "quarantined")));
        }

        if (summary.Did("assign"))
        {
            Assert.Equal(
                (night.Appended, night.Ended),
                (summary.Count("assign", trained ? "items" : "items appended"), summary.Count("assign", "ids deleted")));
        }
    }

    private void RequireExpected(PublishedIds ids)
    {
        Assert.Equal(Expected.Published, ids.Codebook);
        Assert.Equal(Expected.Ids.Keys.Order(), ids.Current.Keys.Order());

        // A vector has one nearest code a level, whoever's it is and whenever it came.
        foreach (IGrouping<long, long> alike in Expected.Ids.GroupBy(i => i.Value, i => i.Key))
        {
            Assert.Single(alike.Select(id => ids.Current[id].Sid).Distinct());
        }

        // A slot is given once, even if its item goes.
        Assert.Equal(ids.Rows.Count, ids.Rows.Select(r => (r.Sid, r.Slot)).Distinct().Count());
        foreach (GivenId row in ids.Rows)
        {
            Assert.Equal(row.Item, _given.GetValueOrDefault((ids.Codebook, row.Sid, row.Slot), row.Item));
        }
    }

    private void RequireNoneMoved(PublishedIds ids)
    {
        Assert.Equal(Ids!.Codebook, ids.Codebook);
        foreach ((long item, (string Sid, int Slot) id) in Ids.Current)
        {
            Assert.True(!ids.Current.TryGetValue(item, out var now) || now == id, $"item {item} had {id} and now has {now}");
        }
    }

    private void RequireRelabelled(NightSummary summary, PublishedIds ids)
    {
        if (Ids is null)
        {
            return;
        }

        long[] both = [.. Ids.Current.Keys.Where(ids.Current.ContainsKey)];
        long moved = both.Count(id => ids.Current[id].Sid != Ids.Current[id].Sid);
        JsonNode told = summary.Fact("train", "items whose codes change")!;
        Assert.Equal(both.Length, (long)told["items"]!);
        Assert.Equal(moved, (double)told["share"]! * both.Length, 1e-6);
        Assert.InRange((double)told["share"]!, 0, (double)told["without_relabelling"]!);
    }

    private void Take(PublishedIds ids)
    {
        foreach (GivenId row in ids.Rows)
        {
            _given[(ids.Codebook, row.Sid, row.Slot)] = row.Item;
        }

        if (Ids?.Codebook != ids.Codebook)
        {
            _codebooks.Add(ids.Codebook);
        }

        _last[ids.Codebook] = ids.Current;
        Ids = ids;
    }

    private static IEnumerable<(long, string, int)> Sorted(IReadOnlyDictionary<long, (string Sid, int Slot)> ids) =>
        ids.OrderBy(i => i.Key).Select(i => (i.Key, i.Value.Sid, i.Value.Slot));
}
