namespace OneRec.Delta;

/// <summary>The outcome of a commit.</summary>
public abstract record CommitResult
{
    private CommitResult()
    {
    }

    /// <summary>The change is durable and visible.</summary>
    /// <param name="Version">The version that it made.</param>
    public sealed record Committed(long Version) : CommitResult;

    /// <summary>Somebody else committed first; the table is as they left it.</summary>
    /// <param name="Version">The version that was in the way.</param>
    public sealed record Conflict(long Version) : CommitResult;
}
