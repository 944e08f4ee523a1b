using System.Globalization;
using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Backfill;

/// <summary>Works on slices until all are done, by whichever process, and then closes the backfill.</summary>
/// <param name="run">The run.</param>
/// <param name="names">The names of the backfill's tables and writes.</param>
/// <param name="options">Section <c>backfill</c>.</param>
internal sealed class BackfillWork(StepRun run, BackfillNames names, BackfillOptions options)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, string> _failed = [];
    private bool _toldWaiting;

    /// <summary>The leases on the slices.</summary>
    public SliceLeases Leases { get; } = new(run.Checkpoints, names.Leases, TimeSpan.FromSeconds(options.LeaseSeconds), run.Clock);

    /// <summary>Whether the closing commit is made, by whichever process.</summary>
    public bool IsClosed() => run.DoneOnce("semantic_ids").Contains(names.Closing);

    /// <summary>Does what is to be done.</summary>
    /// <exception cref="OneRecException">Input error <c>backfill.failed</c>: some slices failed, and the others are done.</exception>
    public StepOutcome Do(BackfillSource source, BackfillSlices slices, Codebook codebook, ItemBlocks blocks)
    {
        IReadOnlyList<Fact> quarantined = source.BadRows.Count == 0 ? [] : Quarantine.Write(run, source.BadRows);
        if (blocks.Vectors is { } vectors)
        {
            vectors.RequireNoBombs();
        }

        IReadOnlySet<string> before = run.DoneOnce(names.Table);
        int doneBefore = source.Slices.Count(s => before.Contains(names.Slice(s)));
        int own = 0;
        while (Open(source) is { Count: > 0 } open)
        {
            int did = open.Count(slice => TryDo(source, slices, slice));
            own += did;
            if (did == 0 && Open(source).Count > 0)
            {
                WaitForOthers(open.Count);
            }
        }

        if (_failed.Count > 0)
        {
            throw Failed(source);
        }

        (TableVersion version, long rows, IReadOnlyList<Fact> facts) = Close(source, codebook);
        CleanUp();
        int others = source.Slices.Count - doneBefore - own;
        return new StepOutcome(
            rows,
            [version],
            [
                new Fact("backfill", names.Id),
                Fact.Of("slices", source.Slices.Count),
                .. doneBefore > 0 ? [Fact.Of("done before", doneBefore)] : Array.Empty<Fact>(),
                .. others > 0 ? [Fact.Of("done by others", others)] : Array.Empty<Fact>(),
                Fact.Of("embedded", slices.Embedded),
                Fact.Of("ids appended", rows),
                .. slices.LeftOut.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => Fact.Of(l.Key, l.Value)),
                .. facts,
                .. quarantined,
            ]);
    }

    /// <summary>Removes what a finished backfill left: staged codes and leases.</summary>
    public StepOutcome CleanUp()
    {
        run.Upkeep.Drop(names.Table);
        run.Checkpoints.Clear(names.Leases);
        return new StepOutcome(0, [], [new Fact("backfill", names.Id), new Fact("result", "complete before")]);
    }

    /// <summary>Slices that are not done and have not failed here; none if the backfill is closed.</summary>
    private IReadOnlyList<BackfillSlice> Open(BackfillSource source)
    {
        run.Cancellation.ThrowIfCancellationRequested();

        // In this order: the staging table goes after the closing commit.
        IReadOnlySet<string> done = run.DoneOnce(names.Table);
        return IsClosed()
            ? []
            : [.. source.Slices.Where(s => !done.Contains(names.Slice(s)) && !_failed.ContainsKey(s.Number))];
    }

    private bool TryDo(BackfillSource source, BackfillSlices slices, BackfillSlice slice)
    {
        run.Cancellation.ThrowIfCancellationRequested();
        using SliceLease? lease = Leases.TryTake(slice.Number);
        IReadOnlySet<string> done = run.DoneOnce(names.Table);
        if (lease is null || done.Contains(names.Slice(slice)) || IsClosed())
        {
            return false;
        }

        long before = source.Slices.Where(s => done.Contains(names.Slice(s))).Sum(s => s.Items);
        long total = source.Slices.Sum(s => s.Items);
        string phase = $"slice {slice.Title}, {done.Count + 1} of {source.Slices.Count}";
        run.Observer.Progressed(run.Step, phase, before, total, "items");
        try
        {
            slices.Do(slice, lease, p => run.Observer.Progressed(run.Step, phase, before + Math.Min(p.Done, slice.Items), total, "items"));
            return true;
        }
        catch (LeaseLostException)
        {
            run.Report($"slice {slice.Title}: another process took it over, because this one did not renew its lease in time; its rows are left to that one");
            return false;
        }
        catch (OneRecException e) when (e.Kind == ErrorKind.Input)
        {
            _failed[slice.Number] = e.Message;
            run.Report($"slice {slice.Title} failed: {e.Message}");
            return true;
        }
    }

    private (TableVersion Version, long Rows, IReadOnlyList<Fact> Facts) Close(BackfillSource source, Codebook codebook)
    {
        while (true)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            using SliceLease? lease = Leases.TryTake(source.Slices[^1].Number + 1);
            if (IsClosed())
            {
                return (new TableVersion("semantic_ids", run.Output("semantic_ids").State!.Version), 0, []);
            }

            if (lease is not null)
            {
                (TableVersion version, long rows) = new BackfillClosing(run, names, codebook).Commit(out IReadOnlyList<Fact> facts);
                return (version, rows, facts);
            }

            WaitForOthers(0);
        }
    }

    private void WaitForOthers(int open)
    {
        if (!_toldWaiting)
        {
            run.Report(open == 0
                ? "waiting for another process to give the IDs"
                : string.Create(CultureInfo.InvariantCulture, $"waiting for {open} slices that other processes work on"));
            _toldWaiting = true;
        }

        run.Cancellation.WaitHandle.WaitOne(Pause);
    }

    private OneRecException Failed(BackfillSource source)
    {
        BackfillSlice first = source.Slices.First(s => _failed.ContainsKey(s.Number));
        return OneRecException.Input(
            "backfill.failed",
            $"{_failed.Count} of {source.Slices.Count} slices failed, the first is {first.Title}: {_failed[first.Number]} (the other slices are "
            + "done and kept; run the command again once the cause is mended)");
    }

}
