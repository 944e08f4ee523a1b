using OneRec.Core;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>Section <c>train</c>: how codebooks are trained.</summary>
public sealed record TrainOptions
{
    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
