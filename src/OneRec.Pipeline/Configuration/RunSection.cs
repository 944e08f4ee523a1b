namespace OneRec.Pipeline.Configuration;

/// <summary>Section <c>run</c>: this run as an orchestrator sees it.</summary>
public sealed record RunSection
{
    /// <summary>The run's id; an orchestrator's may be given and used again on retry.</summary>
    /// <value>Default null: a new one.</value>
    public string? Id { get; init; }

    /// <summary>Whether model and codebook may change once one is published.</summary>
    /// <value>Default false: new items are embedded and appended under the published codebook.</value>
    public bool Retrain { get; init; }
}
