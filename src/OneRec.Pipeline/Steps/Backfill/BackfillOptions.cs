using OneRec.Core;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Backfill;

/// <summary>Section <c>backfill</c>: how a historical catalogue is divided into slices.</summary>
public sealed record BackfillOptions : IOptionSection
{
    /// <summary>
    /// An SQL expression over the catalogue's columns whose values are the slices: a partition column (<c>dt</c>; folders of other
    /// slices are not opened), a date (<c>added_on</c>), or its month (<c>substr(added_on, 1, 7)</c>). At most 10,000 values. Columns
    /// of CSV are text here.
    /// </summary>
    /// <value>Default null: ranges of a hash of the item id, named <c>0</c>, <c>1</c>, ...</value>
    public string? By { get; init; }

    /// <summary>Number of items per slice, roughly, if <c>backfill.by</c> is not set.</summary>
    /// <value>1 to 100,000,000. There are at most 4,096 slices. Default 50,000.</value>
    public long SliceItems { get; init; } = 50_000;

    /// <summary>The first slice, as <c>--from</c>.</summary>
    /// <value>Numbers are compared as numbers, other values as text. Default null: the first one.</value>
    public string? From { get; init; }

    /// <summary>The last slice, as <c>--to</c>; slices that begin with it belong to it, as do the days of <c>2024-06</c>.</summary>
    /// <value>Inclusive. Default null: the last one.</value>
    public string? To { get; init; }

    /// <summary>
    /// After how many seconds without a sign of life another process may take over a slice. The holder renews its lease in a third of
    /// that time.
    /// </summary>
    /// <value>5 to 86,400. Default 120.</value>
    public int LeaseSeconds { get; init; } = 120;

    /// <summary>Whether to change nothing and only show the slices and an estimate, as <c>--dry-run</c>.</summary>
    /// <value>Default false.</value>
    public bool DryRun { get; init; }

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        InputOptions.RequireSql(problems, "backfill.by", By);
        problems.Require(SliceItems is >= 1 and <= 100_000_000, "backfill.sliceItems", "must be 1 to 100,000,000", SliceItems);
        problems.Require(LeaseSeconds is >= 5 and <= 86_400, "backfill.leaseSeconds", "must be 5 to 86,400", LeaseSeconds);
        problems.Require(From is null || From.Length > 0, "backfill.from", "must not be empty", From);
        problems.Require(To is null || To.Length > 0, "backfill.to", "must not be empty", To);
        problems.Require(
            From is null || To is null || new SliceRange(From, null).Contains(To) || new SliceRange(null, To).Contains(From),
            "backfill.to",
            "must not be before backfill.from",
            To);
    }
}
