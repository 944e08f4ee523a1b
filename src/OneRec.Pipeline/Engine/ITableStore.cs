namespace OneRec.Pipeline.Engine;

/// <summary>What is known of the tables without reading rows.</summary>
public interface ITableStore
{
    /// <summary>A table's newest state; null where it does not exist.</summary>
    TableState? State(string table);

    /// <summary>The newest data-changing commit that a step made in a table; null where the log has none.</summary>
    NotedCommit? NewestCommit(string table, string step);
}
