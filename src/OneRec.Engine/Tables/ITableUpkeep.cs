namespace OneRec.Engine.Tables;

/// <summary>The upkeep of tables: it changes no row.</summary>
public interface ITableUpkeep
{
    /// <summary>Merges small files, and removes files and commits that no version within the retention needs.</summary>
    /// <param name="table">The table.</param>
    /// <param name="plan">What may go.</param>
    /// <param name="note">The <c>userMetadata</c> of commits.</param>
    /// <returns>What was done; null if there is no table.</returns>
    UpkeepOutcome? Maintain(string table, UpkeepPlan plan, CommitNote note);

    /// <summary>Number of small data files of a table that <see cref="Maintain"/> would merge; 0 if the engine cannot tell at once.</summary>
    long SmallFiles(string table);

    /// <summary>Removes a table that has served its purpose, log and files; none may be there.</summary>
    /// <exception cref="Core.OneRecException">It cannot be removed (exit 5).</exception>
    void Drop(string table);

    /// <summary>Names of the tables in a folder below the tables, such as <c>_staging/ab12</c>.</summary>
    /// <param name="folder">The folder, such as <c>_staging</c>; it need not exist.</param>
    IReadOnlyList<string> TablesIn(string folder);

    /// <summary>Whether the newest commit of a table was made before a time; true if it has none.</summary>
    bool ChangedBefore(string table, DateTimeOffset time);

    /// <summary>Holds a table against its log: files with size, rows and bytes, commits and checkpoints.</summary>
    /// <param name="table">The table.</param>
    /// <param name="progress">Gets the bytes read so far and their total, from any thread.</param>
    /// <returns>What was found; null if there is no table.</returns>
    TableVerification? Verify(string table, Action<long, long> progress);
}

/// <summary>What the upkeep of a table may remove.</summary>
/// <param name="Retention">Versions that were current within this time keep their data files.</param>
/// <param name="LogRetention">Versions that were current within this time keep their commits.</param>
/// <param name="DryRun">Whether to change nothing.</param>
public sealed record UpkeepPlan(TimeSpan Retention, TimeSpan LogRetention, bool DryRun)
{
    /// <summary>Whether the newest version gets a checkpoint now, so that commits before it, with statistics of removed rows, may go.</summary>
    public bool Checkpoint { get; init; }
}

/// <summary>What the upkeep of a table did, or would do.</summary>
/// <param name="Merged">Small data files that were merged.</param>
/// <param name="Written">Data files that they were merged into.</param>
/// <param name="DataFiles">Data files that were removed from the disk.</param>
/// <param name="DataBytes">Their size in bytes.</param>
/// <param name="LogFiles">Commits and checkpoints that were removed from the log.</param>
public sealed record UpkeepOutcome(long Merged, long Written, long DataFiles, long DataBytes, long LogFiles);

/// <summary>What a verification of a table found.</summary>
/// <param name="Version">The version; -1 if the log cannot be read.</param>
/// <param name="Files">Number of data files.</param>
/// <param name="Bytes">Bytes read of them.</param>
/// <param name="Problems">What is wrong, one line each, with table, version and file; empty if nothing is.</param>
public sealed record TableVerification(long Version, long Files, long Bytes, IReadOnlyList<string> Problems);
