using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Engine;

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
