using OneRec.Core;
using OneRec.Engine.Relations;

namespace OneRec.Engine.Tables;

/// <summary>One commit to make.</summary>
/// <param name="Table">The table and its schema; created if it does not exist.</param>
/// <param name="Mode">What happens to existing rows.</param>
/// <param name="Note">The <c>userMetadata</c> of the commit.</param>
public sealed record TableWrite(TableDefinition Table, WriteMode Mode, CommitNote Note)
{
    /// <summary>
    /// The version that the rows were computed from; any later commit is then a conflict. Null: the write does not depend on
    /// existing rows (an append, or an overwrite of all).
    /// </summary>
    public long? ReadVersion { get; init; }

    /// <summary>
    /// An id of this write (Delta's application id, <c>txn</c>), for a write that must land at most once, whoever makes it: if the table
    /// has it, the result is <see cref="WriteResult.AlreadyDone"/>. Null: none.
    /// </summary>
    public string? Once { get; init; }
}

/// <summary>What a write does to existing rows.</summary>
public abstract record WriteMode
{
    private WriteMode()
    {
    }

    /// <summary>Keeps them.</summary>
    public sealed record Append : WriteMode;

    /// <summary>Replaces them all.</summary>
    public sealed record Overwrite : WriteMode;

    /// <summary>Replaces the rows whose columns equal the given texts, in the same commit.</summary>
    /// <param name="Equal">Column and value; strings. With only partition columns, no file is rewritten.</param>
    public sealed record Replace(IReadOnlyDictionary<string, string> Equal) : WriteMode;

    /// <summary>
    /// Removes rows by key and adds the given ones, in the same commit. Only files with such rows are written again, without them. Give
    /// <see cref="TableWrite.ReadVersion"/>.
    /// </summary>
    /// <param name="Removed">The keys: rows whose columns are columns of the table, not null there.</param>
    public sealed record Rewrite(IRelation Removed) : WriteMode;
}

/// <summary>The outcome of a write.</summary>
public abstract record WriteResult
{
    private WriteResult()
    {
    }

    /// <summary>Requires that the rows are committed.</summary>
    /// <param name="table">The table, for the message.</param>
    /// <exception cref="OneRecException">Table error <c>table.conflict</c> (exit 4).</exception>
    public Committed RequireCommitted(string table) => this switch
    {
        Committed committed => committed,
        Conflict conflict => throw OneRecException.Table(
            "table.conflict", $"{table}: another process committed version {conflict.Version} first; run the command again"),
        _ => throw new InvalidOperationException("unknown write result"),
    };

    /// <summary>The rows are committed.</summary>
    /// <param name="Version">The table's new version.</param>
    /// <param name="Rows">Rows written.</param>
    public sealed record Committed(long Version, long Rows) : WriteResult
    {
        /// <summary>Bytes of the data files that were added. Two results are equal whatever these are: files differ by engine.</summary>
        public long Bytes { get; init; }

        /// <inheritdoc/>
        public bool Equals(Committed? other) => other is not null && (Version, Rows) == (other.Version, other.Rows);

        /// <inheritdoc/>
        public override int GetHashCode() => (Version, Rows).GetHashCode();
    }

    /// <summary>The table has the write's <see cref="TableWrite.Once"/> already; nothing was changed.</summary>
    /// <param name="Version">The current version.</param>
    public sealed record AlreadyDone(long Version) : WriteResult;

    /// <summary>Another writer committed first; nothing was changed.</summary>
    /// <param name="Version">The current version.</param>
    public sealed record Conflict(long Version) : WriteResult;
}
