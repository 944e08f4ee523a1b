namespace OneRec.Engine.Tables;

/// <summary>One commit to be made.</summary>
/// <param name="Table">The table and its schema; created where it is not there.</param>
/// <param name="Mode">What happens to rows that are there.</param>
/// <param name="Note">Goes into the commit's <c>userMetadata</c>.</param>
public sealed record TableWrite(TableDefinition Table, WriteMode Mode, CommitNote Note)
{
    /// <summary>
    /// The version that the rows were computed from: a later commit by anyone is then a conflict. Null: the write does
    /// not depend on what is there (an append, or an overwrite of all).
    /// </summary>
    public long? ReadVersion { get; init; }
}

/// <summary>What a write does to the rows that are there.</summary>
public abstract record WriteMode
{
    private WriteMode()
    {
    }

    /// <summary>Keeps them.</summary>
    public sealed record Append : WriteMode;

    /// <summary>Replaces them all.</summary>
    public sealed record Overwrite : WriteMode;

    /// <summary>Replaces those whose columns equal the given texts, in the same commit.</summary>
    /// <param name="Equal">Column and value; strings. With partition columns alone no file is rewritten.</param>
    public sealed record Replace(IReadOnlyDictionary<string, string> Equal) : WriteMode;
}

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
