namespace OneRec.Delta;

/// <summary>Reads a commit that someone else fetched, such as one on a file system that only Hadoop can read.</summary>
public static class CommitContent
{
    /// <summary>The actions of a commit, in order, except for unknown kinds.</summary>
    /// <param name="table">Names the table in errors.</param>
    /// <param name="version">The commit's version.</param>
    /// <param name="content">The bytes of its file: one JSON action per line (Delta protocol, "Delta Log Entries").</param>
    /// <exception cref="Core.OneRecException">
    /// Table error <c>delta.log-broken</c>: a line is not a complete action, or fewer files or rows are there than the writer
    /// counted.
    /// </exception>
    public static IReadOnlyList<TableAction> Read(string table, long version, Stream content)
    {
        IReadOnlyList<TableAction> actions = ActionReader.ReadCommit(table, version, LogPath.Commit(version), content);
        CommitMetrics.RequireWhole(table, version, actions);
        return actions;
    }
}
