using System.Globalization;
using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;

namespace OneRec.Pipeline.Steps.Backfill;

/// <summary>What a backfill would do: its slices with their state, counts, and an estimate. Changes nothing.</summary>
/// <param name="run">The run.</param>
/// <param name="names">The names of the backfill's tables and writes.</param>
/// <param name="leases">The leases on its slices.</param>
internal sealed class BackfillForecast(StepRun run, BackfillNames names, SliceLeases leases)
{
    private const int Shown = 20;

    /// <summary>Reports the slices and returns the counts.</summary>
    public StepOutcome Tell(BackfillSource source, BackfillSlices slices)
    {
        IReadOnlySet<string> done = run.DoneOnce(names.Table);
        foreach (BackfillSlice slice in source.Slices.Take(Shown))
        {
            string state = done.Contains(names.Slice(slice)) ? "done" : leases.Holder(slice.Number) is { } holder ? $"in work by {holder}" : "open";
            run.Report(string.Create(CultureInfo.InvariantCulture, $"slice {slice.Title}: {slice.Items:N0} items, {state}"));
        }

        if (source.Slices.Count > Shown)
        {
            run.Report($"and {source.Slices.Count - Shown} more slices");
        }

        (IReadOnlyDictionary<string, long> counts, long stored) = slices.CountAll();
        long wanted = counts.GetValueOrDefault(BackfillSlices.GetsId);
        double seconds = new EmbedStep().Estimate(new InputCounts { Items = wanted - stored }, run.Options)?.Seconds ?? 0;
        return new StepOutcome(
            0,
            [],
            [
                new Fact("backfill", names.Id),
                Fact.Of("slices", source.Slices.Count),
                Fact.Of("slices done", source.Slices.Count(s => done.Contains(names.Slice(s)))),
                Fact.Of("items", source.Slices.Sum(s => s.Items)),
                .. counts.Where(c => c.Key != BackfillSlices.GetsId).OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => Fact.Of(c.Key, c.Value)),
                Fact.Of(BackfillSlices.GetsId, wanted),
                Fact.Of("to embed", wanted - stored),
                new Fact("estimate", Duration(seconds)) { Json = seconds },
            ])
        {
            IsDryRun = true,
        };
    }

    private static string Duration(double seconds) => seconds switch
    {
        < 60 => "less than a minute",
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"about {Math.Ceiling(seconds / 60):N0} minutes of one process"),
        _ => string.Create(CultureInfo.InvariantCulture, $"about {Math.Ceiling(seconds / 3600):N0} hours of one process"),
    };
}
