using OneRec.Core;

namespace OneRec.Pipeline.Steps.Ingest;

/// <summary>Section <c>ingest</c>: how the catalogue becomes table <c>items</c>.</summary>
public sealed record IngestOptions
{
    /// <summary>What an item's absence from the catalogue means.</summary>
    /// <value><c>upsert</c>: nothing, it stays as it is. Default <c>upsert</c>.</value>
    public IngestMode Mode { get; init; }

    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
