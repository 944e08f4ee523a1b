namespace OneRec.Pipeline.Engine;

/// <summary>The outcome of a write.</summary>
public abstract record WriteResult
{
    private WriteResult()
    {
    }

    /// <summary>The rows are in.</summary>
    /// <param name="Version">The table's new version.</param>
    /// <param name="Rows">Rows written.</param>
    public sealed record Committed(long Version, long Rows) : WriteResult;

    /// <summary>Somebody else committed first; nothing was changed.</summary>
    /// <param name="Version">The version that is there.</param>
    public sealed record Conflict(long Version) : WriteResult;
}
