using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Ingest;

/// <summary>Section <c>ingest</c>: how the catalogue becomes table <c>items</c>.</summary>
public sealed record IngestOptions : IOptionSection
{
    /// <summary>What an item's absence from the catalogue means.</summary>
    /// <value><c>upsert</c>: nothing, it stays as it is. <c>snapshot</c>: it is taken down. Default <c>upsert</c>.</value>
    public IngestMode Mode { get; init; }

    /// <summary>In a snapshot, the largest share of the items there that may be absent: more is taken for half a catalogue.</summary>
    /// <value>0 to 1. Default 0.05.</value>
    public double MaxDeleted { get; init; } = 0.05;

    /// <summary>A column of the catalogue that picks the latest (largest) of several rows of one id.</summary>
    /// <value>Default null: an id that comes twice is an error.</value>
    public string? Version { get; init; }

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Require(MaxDeleted is >= 0 and <= 1, "ingest.maxDeleted", "must be 0 to 1", MaxDeleted);
        problems.Require(Version is null || Version.Length > 0, "ingest.version", "must name a column", Version);
    }
}

/// <summary>What an item's absence from the catalogue means.</summary>
public enum IngestMode
{
    /// <summary>Nothing: rows are added or renewed, and what is absent stays.</summary>
    Upsert,

    /// <summary>The catalogue is whole: an item that is absent is taken down.</summary>
    Snapshot,
}
