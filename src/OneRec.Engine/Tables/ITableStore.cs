using Apache.Arrow;

namespace OneRec.Engine.Tables;

/// <summary>The state of the tables, without reading rows.</summary>
public interface ITableStore
{
    /// <summary>A table's newest state; null if the table does not exist.</summary>
    TableState? State(string table);

    /// <summary>The newest data-changing commit that a step made in a table; null if the log has none.</summary>
    NotedCommit? NewestCommit(string table, string step);

    /// <summary>
    /// Whether another writer changed a table's data: whether its log has a data-changing commit without a note of ours. A
    /// compaction changes no data.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="after">Only commits above this version count.</param>
    bool OthersChanged(string table, long after);

    /// <summary>The newest version that was committed at or before a time, by the times in the commits; null if the log has none so old.</summary>
    long? VersionAt(string table, DateTimeOffset time);

    /// <summary>The ids of the writes that a table has (<see cref="TableWrite.Once"/>); empty if there is no table.</summary>
    IReadOnlySet<string> DoneOnce(string table);
}

/// <summary>A table at its newest version.</summary>
/// <param name="Version">The newest version.</param>
/// <param name="DataVersion">The newest version that changed data: a table's version as an input.</param>
/// <param name="Schema">Its columns, partition columns included.</param>
public sealed record TableState(long Version, long DataVersion, Schema Schema);

/// <summary>A commit of this program in a table's log.</summary>
/// <param name="Version">The version that the commit created.</param>
/// <param name="Note">The note of the commit.</param>
public sealed record NotedCommit(long Version, CommitNote Note);
