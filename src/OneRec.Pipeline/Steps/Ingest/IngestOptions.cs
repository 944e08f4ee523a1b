using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Ingest;

/// <summary>Section <c>ingest</c>: how the catalogue is merged into table <c>items</c>.</summary>
public sealed record IngestOptions : IOptionSection
{
    /// <summary>What happens to items missing from the catalogue.</summary>
    /// <value><c>upsert</c>: they are kept. <c>snapshot</c>: they are marked as deleted. Default <c>upsert</c>.</value>
    public IngestMode Mode { get; init; }

    /// <summary>
    /// With <c>snapshot</c>, the largest share of existing items that may be missing. If more are missing, the
    /// catalogue is considered incomplete and the step fails.
    /// </summary>
    /// <value>0 to 1. Default 0.05.</value>
    public double MaxDeleted { get; init; } = 0.05;

    /// <summary>
    /// Column of the catalogue by which the latest (largest) of several rows with the same id is chosen.
    /// </summary>
    /// <value>Default null: a duplicate id is an error.</value>
    public string? Version { get; init; }

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Require(MaxDeleted is >= 0 and <= 1, "ingest.maxDeleted", "must be 0 to 1", MaxDeleted);
        problems.Require(Version is null || Version.Length > 0, "ingest.version", "must name a column", Version);
    }
}

/// <summary>What happens to items missing from the catalogue.</summary>
public enum IngestMode
{
    /// <summary>Items are added or updated; missing items are kept.</summary>
    Upsert,

    /// <summary>The catalogue is complete: missing items are marked as deleted.</summary>
    Snapshot,
}
