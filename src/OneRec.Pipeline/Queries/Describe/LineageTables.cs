using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>What the lineages of all items share: the codebook, and the tables that tell of runs and generations.</summary>
internal sealed class LineageTables
{
    private readonly ReadTables _tables;

    /// <summary>Reads the tables.</summary>
    public LineageTables(ReadTables tables, OneRecOptions options, Codebook codebook)
    {
        (_tables, Options, Codebook) = (tables, options, codebook);
        Runs = new RunRows(tables);
        Generations = [.. Read("published", Script("generations.sql")).Select(row => new Generation(row))];
        Levels =
        [
            .. Read(CodebookChoice.Table, Script("codebook_levels.sql").With("codebook_id", codebook.CodebookId))
                .Select(row => ((long)row[1]!, (long)row[2]!)),
        ];
        RejectedRows = Read("quarantine", Script("rejected_rows.sql")).ToDictionary(row => (string)row[0]!, row => (long)row[1]!);
    }

    /// <summary>All options.</summary>
    public OneRecOptions Options { get; }

    /// <summary>The codebook that was chosen.</summary>
    public Codebook Codebook { get; }

    /// <summary>Table <c>runs</c>.</summary>
    public RunRows Runs { get; }

    /// <summary>The published generations, old to new.</summary>
    public IReadOnlyList<Generation> Generations { get; }

    /// <summary>Codes of each level, and the items that it was trained on; empty if the codebook is not in the table.</summary>
    public IReadOnlyList<(long Codes, long Items)> Levels { get; }

    /// <summary>Number of the catalogue's rows in quarantine, by run.</summary>
    public IReadOnlyDictionary<string, long> RejectedRows { get; }

    /// <summary>What an option has to say to choose the codebook again, such as <c> --set codebook=ID</c>; empty where it needs none.</summary>
    public string Choice => Codebook.Published || Options.Codebook == "current" ? "" : $" --set codebook={Codebook.CodebookId}";

    /// <summary>Whether a table exists.</summary>
    public bool Has(string table) => _tables.Has(table);

    /// <summary>The newest version that changed a table's rows; null if the table does not exist.</summary>
    public string? Version(string table) => _tables.Version(table);

    private static SqlScript Script(string name) => SqlScript.Load(typeof(LineageTables), name);

    private List<object?[]> Read(string table, SqlScript script) => _tables.Rows(script, table, table);
}

/// <summary>A row of table <c>published</c>.</summary>
internal sealed record Generation(object?[] Row)
{
    public long Number => (long)Row[0]!;

    public string CodebookId => (string)Row[1]!;

    public DateTimeOffset PublishedAt => (DateTimeOffset)Row[2]!;

    public string RunId => (string)Row[3]!;
}
