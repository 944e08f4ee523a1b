namespace OneRec.Pipeline.Running;

/// <summary>A step that the whole job may leave out for a reason of its own; asked for by name, it always runs.</summary>
public interface ISkippable
{
    /// <summary>Why the job leaves it out now; null: it takes part.</summary>
    string? SkipReason(StepContext context);
}
