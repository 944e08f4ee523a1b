using Apache.Arrow;

namespace OneRec.Engine.Tables;

/// <summary>What is known of the tables without reading rows.</summary>
public interface ITableStore
{
    /// <summary>A table's newest state; null where it does not exist.</summary>
    TableState? State(string table);

    /// <summary>The newest data-changing commit that a step made in a table; null where the log has none.</summary>
    NotedCommit? NewestCommit(string table, string step);
}

/// <summary>A table at its newest version.</summary>
/// <param name="Version">The newest version.</param>
/// <param name="DataVersion">The newest version that changed data: a table's version as an input.</param>
/// <param name="Schema">Its columns, partition columns included.</param>
public sealed record TableState(long Version, long DataVersion, Schema Schema);

/// <summary>A commit of ours in a table's log.</summary>
/// <param name="Version">The table's version it made.</param>
/// <param name="Note">What it says of itself.</param>
public sealed record NotedCommit(long Version, CommitNote Note);
