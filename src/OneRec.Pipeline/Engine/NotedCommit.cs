using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Engine;

/// <summary>A commit of ours in a table's log.</summary>
/// <param name="Version">The table's version it made.</param>
/// <param name="Note">What it says of itself.</param>
public sealed record NotedCommit(long Version, CommitNote Note);
