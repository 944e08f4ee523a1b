namespace OneRec.Pipeline.Running;

/// <summary>What a step did, as it tells it.</summary>
/// <param name="Rows">Rows written to its main table.</param>
/// <param name="Tables">Tables it committed to, with their new versions.</param>
/// <param name="Facts">A few short facts for the summary, in order.</param>
public sealed record StepOutcome(long Rows, IReadOnlyList<TableVersion> Tables, IReadOnlyList<Fact> Facts)
{
    /// <summary>The columns of inputs that it read, with the types that it took them for; kept in <c>runs</c>.</summary>
    public IReadOnlyDictionary<string, string> Types { get; init; } = new Dictionary<string, string>();
}
