using OneRec.Core;

namespace OneRec.Pipeline.Steps.Ingest;

/// <summary>Section <c>ingest</c>: how the catalogue becomes table <c>items</c>.</summary>
public sealed record IngestOptions
{
    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
