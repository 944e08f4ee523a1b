using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Backfill;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Tests.Steps.Quantization;

namespace OneRec.Pipeline.Tests.Steps.Backfill;

/// <summary>IDs for an archive: the same rows however it is cut, whoever does it, and whatever interrupts it.</summary>
public sealed class BackfillTests : IDisposable
{
    private readonly BackfillDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void Ids_do_not_depend_on_the_slices()
    {
        List<string> published = _desk.Ids();
        _desk.Save("before");
        StepSummary done = _desk.Backfill();
        List<string> ids = _desk.Ids();
        Assert.Equal(BackfillDesk.Archive - BackfillDesk.Today, done.Rows);
        Assert.Equal(published, ids.Where(line => int.Parse(line.Split('|')[0]) <= BackfillDesk.Today));
        _desk.RequireAll();
        foreach (BackfillOptions options in new[]
        {
            new BackfillOptions { SliceItems = 1_000_000 },
            new BackfillOptions { SliceItems = 25 },
            new BackfillOptions { By = "substr(added_on, 1, 7)" },
            new BackfillOptions { By = "substr(item_id, 1, 1)" },
            new BackfillOptions { By = "'all'" },
        })
        {
            _desk.PutBack("before");
            _desk.Set(options);
            _desk.Backfill();
            Assert.Equal(ids, _desk.Ids());
            _desk.RequireAll();
        }
    }

    [Fact]
    public void Same_command_again_does_nothing()
    {
        _desk.Backfill();
        List<string> ids = _desk.Ids();
        StepSummary again = _desk.Backfill();
        Assert.Equal(0, again.Rows);
        Assert.Contains(_desk.Told, line => line.EndsWith("is complete; nothing to do", StringComparison.Ordinal));
        Assert.Equal(ids, _desk.Ids());
    }

    [Fact]
    public void Process_that_dies_before_any_of_its_writes_is_continued()
    {
        _desk.Set(new BackfillOptions { SliceItems = 150 });
        _desk.Save("before");
        var count = new WritesEngine.Count();
        _desk.Wrap = engine => new WritesEngine(engine, count, 0);
        _desk.Backfill();
        List<string> ids = _desk.Ids();
        int writes = count.Writes;

        // The last write is the row of table runs, which a killed run does not have.
        for (int nth = 1; nth < writes; nth++)
        {
            _desk.PutBack("before");
            int write = nth;
            _desk.Wrap = engine => new WritesEngine(engine, count, write);
            Assert.ThrowsAny<OperationCanceledException>(() => _desk.Backfill());
            _desk.Wrap = engine => engine;
            _desk.Backfill();
            Assert.Equal(ids, _desk.Ids());
            _desk.RequireAll();
        }

        Assert.True(writes >= 8, $"{writes} writes");
    }

    [Fact]
    public async Task Several_processes_at_once_share_the_slices()
    {
        _desk.Save("before");
        _desk.Backfill();
        List<string> ids = _desk.Ids();
        _desk.PutBack("before");
        StepSummary[] all = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(_desk.Backfill)));
        Assert.Equal(BackfillDesk.Archive - BackfillDesk.Today, all.Sum(s => s.Rows));
        Assert.Equal(ids, _desk.Ids());
        _desk.RequireAll();
    }

    [Fact]
    public void Night_runs_beside_it_and_none_of_their_items_has_two_ids_or_embeddings()
    {
        // Before the slots are given, a night brings some of the archive's items into the catalogue.
        string[] archive = File.ReadAllLines(_desk["data/items.csv"]);
        bool raced = false;
        _desk.Wrap = engine => new RacingEngine(engine, "semantic_ids", _ =>
        {
            if (!raced)
            {
                raced = true;
                _desk.Wrap = e => e;
                _desk.Night(archive[..(BackfillDesk.Today + 61)]);
            }
        });
        StepSummary done = _desk.Backfill();
        Assert.True(raced);
        Assert.Equal(BackfillDesk.Archive - BackfillDesk.Today - 60, done.Rows);
        _desk.RequireAll();
    }

    [Fact]
    public void Embeddings_that_a_night_committed_meanwhile_are_not_written_again()
    {
        string[] archive = File.ReadAllLines(_desk["data/items.csv"]);
        _desk.Wrap = engine => new RacingEngine(engine, "item_embeddings", _ =>
        {
            _desk.Wrap = e => e;
            _desk.Night(archive);
        });
        _desk.Backfill();
        _desk.RequireAll();
    }

    [Fact]
    public void Embeddings_that_a_backfill_committed_meanwhile_are_not_written_by_the_night()
    {
        string[] archive = File.ReadAllLines(_desk["data/items.csv"]);
        _desk.Wrap = engine => new RacingEngine(engine, "item_embeddings", _ =>
        {
            _desk.Wrap = e => e;
            OneRecException refused = Assert.Throws<OneRecException>(() => Backfill(_desk["archive.csv"]));
            Assert.Equal("stop here", refused.Message);
        });
        _desk.Night(archive);
        Assert.All(_desk.Embeddings(), line => Assert.EndsWith("|1", line, StringComparison.Ordinal));
        Assert.Equal(BackfillDesk.Archive, _desk.Embeddings().Count);
        Assert.Empty(_desk.Problems());
    }

    [Fact]
    public void Only_the_slices_from_one_to_another_are_done()
    {
        _desk.Set(new BackfillOptions { By = "added_on", From = "2024-02-10", To = "2024-03" });
        _desk.Backfill();
        int[] ids = [.. _desk.Ids().Select(line => int.Parse(line.Split('|')[0]))];
        IEnumerable<int> wanted = Enumerable.Range(1, BackfillDesk.Archive).Where(item =>
            item <= BackfillDesk.Today || (string.CompareOrdinal(BackfillDesk.DayOf(item), "2024-02-10") >= 0 && string.CompareOrdinal(BackfillDesk.DayOf(item), "2024-04") < 0));
        Assert.Equal(wanted, ids);
    }

    [Fact]
    public void Partitions_of_other_slices_are_not_opened()
    {
        string[] lines = File.ReadAllLines(_desk["data/items.csv"]);
        foreach (int month in new[] { 1, 2, 3 })
        {
            Directory.CreateDirectory(_desk[$"parts/month=2024-0{month}"]);
            File.WriteAllLines(_desk[$"parts/month=2024-0{month}/items.csv"], [lines[0], .. lines.Where((_, n) => n > 0 && n % 3 == month - 1)]);
        }

        // A file that is no CSV of this catalogue would end the step.
        File.WriteAllText(_desk["parts/month=2024-02/items.csv"], lines[0] + "\n\"broken\n");
        _desk.Options = _desk.Options with { Input = _desk.Options.Input with { Items = new InputPaths([_desk["parts"]]) } };
        _desk.Set(new BackfillOptions { By = "month", From = "2024-03" });
        StepSummary done = _desk.Backfill();
        Assert.Equal(Enumerable.Range(BackfillDesk.Today + 1, BackfillDesk.Archive - BackfillDesk.Today).Count(n => n % 3 == 2), done.Rows);
    }

    [Fact]
    public void Items_that_the_catalogue_deleted_or_changed_are_left_to_the_nightly_run()
    {
        string[] lines = File.ReadAllLines(_desk["today.csv"]);
        _desk.Options = _desk.Options with { Sections = [new IngestOptions { Mode = IngestMode.Snapshot }] };
        _desk.Night([lines[0], lines[1].Insert(lines[1].IndexOf(',', StringComparison.Ordinal) + 1, "Renamed "), .. lines[3..]]);
        List<string> before = _desk.Ids();
        StepSummary done = _desk.Backfill();
        Assert.Equal(before, _desk.Ids().Where(line => int.Parse(line.Split('|')[0]) <= BackfillDesk.Today));
        Assert.Equal("1", done.Facts.Single(f => f.Name == "deleted").Value);
        Assert.Equal($"{BackfillDesk.Today - 1}", done.Facts.Single(f => f.Name == "with an ID").Value);
        Assert.Empty(_desk.Problems());
    }

    [Fact]
    public void Slice_that_fails_is_told_and_the_others_are_done()
    {
        // The vectors of one item are missing: an item of March cannot be embedded.
        string archive = _desk["archive.csv"];
        File.AppendAllLines(archive, ["9001,A film without vectors,,,2024-03-05"]);
        _desk.Set(new BackfillOptions { By = "substr(added_on, 1, 7)" });
        OneRecException failed = Assert.Throws<OneRecException>(() => _desk.Backfill());
        Assert.Equal((ErrorKind.Input, "backfill.failed"), (failed.Kind, failed.Code));
        Assert.StartsWith("1 of 4 slices failed, the first is 2024-03: item 9001: ", failed.Message, StringComparison.Ordinal);
        Assert.Equal(BackfillDesk.Today, _desk.Ids().Count);
        Assert.Contains(_desk.Told, line => line.StartsWith("slice 2024-03 failed: item 9001: ", StringComparison.Ordinal));

        // The cure that the item's message names.
        _desk.Options = _desk.Options with { Input = _desk.Options.Input with { BadRows = BadRows.Quarantine } };
        StepSummary done = _desk.Backfill();
        Assert.Equal(BackfillDesk.Archive - BackfillDesk.Today, done.Rows);
        Assert.Equal("1", _desk.Query("quarantine", "SELECT count(*) FROM quarantine WHERE step = 'backfill'").Single());
        Assert.Empty(_desk.Problems());
    }

    [Fact]
    public void Codebook_that_is_published_meanwhile_ends_it_and_the_next_one_uses_it()
    {
        bool raced = false;
        _desk.Wrap = engine => new RacingEngine(engine, "item_embeddings", _ =>
        {
            if (!raced)
            {
                raced = true;
                _desk.Wrap = e => e;
                _desk.Options = _desk.Options with { Seed = 77, Run = _desk.Options.Run with { Retrain = true } };
                _desk.Run(EngineAccess.Run, "train", "assign");
                _desk.Options = _desk.Options with { Codebook = "newest" };
                _desk.Run(EngineAccess.Run, "publish");
                _desk.Options = _desk.Options with { Seed = 1, Codebook = "current", Run = _desk.Options.Run with { Retrain = false } };
            }
        });
        OneRecException ended = Assert.Throws<OneRecException>(() => _desk.Backfill());
        Assert.True(raced);
        Assert.Equal((ErrorKind.Table, "backfill.republished"), (ended.Kind, ended.Code));
        _desk.Backfill();
        string current = _desk.Query("published", "SELECT codebook_id FROM published ORDER BY generation DESC LIMIT 1").Single();
        Assert.Equal(
            BackfillDesk.Archive.ToString(),
            _desk.Query("semantic_ids", $"SELECT count(*) FROM semantic_ids WHERE codebook_id = '{current}' AND deleted_at IS NULL").Single());
        Assert.All(_desk.Embeddings(), line => Assert.EndsWith("|1", line, StringComparison.Ordinal));
    }

    [Fact]
    public void Dry_run_changes_nothing_and_tells_slices_and_counts()
    {
        _desk.Set(new BackfillOptions { By = "substr(added_on, 1, 7)", DryRun = true });
        string[] before = Files();
        StepSummary plan = _desk.Backfill();
        Assert.Equal(before, Files());
        Assert.Contains("slice 2024-01: 105 items, open", _desk.Told);
        Assert.Equal("4", plan.Facts.Single(f => f.Name == "slices").Value);
        Assert.Equal("300", plan.Facts.Single(f => f.Name == "to get an ID").Value);
        Assert.Equal("300", plan.Facts.Single(f => f.Name == "to embed").Value);
        Assert.Equal("120", plan.Facts.Single(f => f.Name == "with an ID").Value);
    }

    [Theory]
    [InlineData("nonsense", ErrorKind.Input)]
    [InlineData("CAST(item_id AS DOUBLE)", ErrorKind.Configuration)]
    [InlineData("no_such_function(item_id)", ErrorKind.Configuration)]
    [InlineData("(SELECT max(title) FROM read_csv('/etc/passwd'))", ErrorKind.Configuration)]
    [InlineData("item_id FROM items; DROP TABLE items; --", ErrorKind.Configuration)]
    public void Invalid_expressions_are_refused_by_name(string by, ErrorKind kind)
    {
        _desk.Set(new BackfillOptions { By = by });
        OneRecException refused = Assert.Throws<OneRecException>(() => _desk.Backfill());
        Assert.Equal(kind, refused.Kind);
        Assert.Contains("backfill.by", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_make_no_sense_are_told_all_at_once()
    {
        var problems = new Problems();
        new BackfillOptions { By = "title || '", SliceItems = 0, LeaseSeconds = 1, From = "2024-05", To = "2024-04" }.Validate(problems);
        Assert.Equal(
            ["backfill.by", "backfill.sliceItems", "backfill.leaseSeconds", "backfill.to"],
            problems.Lines.Select(line => line[..line.IndexOfAny([' ', ':'])]));
        problems = new Problems();
        new BackfillOptions { By = "d", From = "2024-05-03", To = "2024-05" }.Validate(problems);
        Assert.Empty(problems.Lines);
    }

    [Fact]
    public void Range_without_slices_is_refused_with_those_that_are_there()
    {
        _desk.Set(new BackfillOptions { By = "substr(added_on, 1, 7)", From = "2025" });
        OneRecException refused = Assert.Throws<OneRecException>(() => _desk.Backfill());
        Assert.Equal("backfill.no-slices", refused.Code);
        Assert.EndsWith("its slices are 2024-01 to 2024-04", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_published_codebook_it_is_refused()
    {
        Directory.Delete(_desk["tables/published"], recursive: true);
        OneRecException refused = Assert.Throws<OneRecException>(() => _desk.Backfill());
        Assert.True(refused.Kind == ErrorKind.Table, refused.Code);
        Assert.Equal(BackfillDesk.Today, _desk.Ids().Count);
    }

    [Fact]
    public void Other_blocks_than_those_of_the_published_codebook_are_refused()
    {
        _desk.Options = _desk.Options with
        {
            Sections = [_desk.Options.Section<Pipeline.Steps.Embed.EmbedOptions>() with { Normalize = false }],
        };
        Assert.Equal("run.pinned", Assert.Throws<OneRecException>(() => _desk.Backfill()).Code);
    }

    private string[] Files() =>
        [.. Directory.GetFiles(_desk["tables"], "*", SearchOption.AllDirectories).Where(f => !f.Contains(".lock", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    // A backfill of the archive whose process dies before its codes are staged.
    private void Backfill(string archive)
    {
        Pipeline.Configuration.OneRecOptions before = _desk.Options;
        _desk.Options = before with { Input = before.Input with { Items = new InputPaths([archive]) } };
        _desk.Wrap = engine => new StoppingEngine(engine);
        try
        {
            _desk.Backfill();
        }
        finally
        {
            _desk.Wrap = engine => engine;
            _desk.Options = before;
        }
    }

    private sealed class StoppingEngine(IEngine engine) : EngineAround(engine)
    {
        public override WriteResult Write(IRelation rows, TableWrite write) => write.Table.Name.StartsWith(StepRun.StagingFolder, StringComparison.Ordinal)
            ? throw OneRecException.Engine("x", "stop here")
            : base.Write(rows, write);
    }
}

/// <summary>An engine that counts writes, and whose process dies before one of them.</summary>
/// <param name="engine">The engine beneath.</param>
/// <param name="count">Takes the number of writes.</param>
/// <param name="nth">The write before which it dies, from 1; 0: none.</param>
internal sealed class WritesEngine(IEngine engine, WritesEngine.Count count, int nth) : EngineAround(engine)
{
    private int _own;

    public override WriteResult Write(IRelation rows, TableWrite write)
    {
        if (++_own == nth)
        {
            throw new OperationCanceledException("killed");
        }

        count.Writes++;
        return base.Write(rows, write);
    }

    public sealed class Count
    {
        public int Writes { get; set; }
    }
}
