using System.Globalization;
using OneRec.Cli;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engines.Tests.Desks;
using OneRec.Pipeline.Configuration;

namespace OneRec.Engines.Tests.Job;

/// <summary>What a job left in its tables, without what tells of the run and not of its result.</summary>
public static class JobTables
{
    private static readonly string[] Names =
        ["items", "item_similarity", "item_pairs", "item_embeddings", "codebooks", "semantic_ids", "published", "runs"];

    private static readonly HashSet<string> OfTheRun = new(StringComparer.Ordinal)
    {
        "run_id", "updated_at", "deleted_at", "assigned_at", "published_at", "finished_at", "seconds",
    };

    /// <summary>The rows of every table but <c>quality</c>, exact to the bit, sorted; each begins with its table's name.</summary>
    public static string[] Rows(OneRecOptions job)
    {
        using IEngine engine = Reader(job);
        return [.. Names.SelectMany(name => engine.SortedRows(Columns(engine, name)).Select(row => $"{name} | {row}"))];
    }

    /// <summary>The values of <c>quality</c> by what they measure.</summary>
    public static SortedDictionary<string, double> Quality(OneRecOptions job)
    {
        using IEngine engine = Reader(job);
        var nights = new SqlScript("""
            SELECT codebook_id, metric, level, iteration, run_id, value, dense_rank() OVER (ORDER BY run_id ASC NULLS FIRST) AS night FROM t
            """);
        var values = new SortedDictionary<string, double>(StringComparer.Ordinal);
        foreach (object?[] row in RowReader.Read(engine.Collect(engine.Sql(nights, ("t", engine.ReadTable("quality"))))))
        {
            values.Add(string.Create(CultureInfo.InvariantCulture, $"{row[6]} {row[0]} {row[1]} {row[2]} {row[3]}"), (double)row[5]!);
        }

        return values;
    }

    // Our own reader for every engine's tables: what Spark wrote must be read by it too.
    private static IEngine Reader(OneRecOptions job) =>
        EngineFactory.Create("local", job, TimeProvider.System, CancellationToken.None, EngineAccess.Read);

    private static IRelation Columns(IEngine engine, string name)
    {
        IRelation table = engine.ReadTable(name);
        IEnumerable<string> columns = table.Schema.FieldsList.Select(f => f.Name).Where(c => !OfTheRun.Contains(c));
        if (table.Schema.GetFieldIndex("deleted_at", StringComparer.Ordinal) >= 0)
        {
            columns = columns.Append("deleted_at IS NULL AS is_live");
        }

        // The report's row names its page.
        string some = name == "runs" ? " WHERE step <> 'report'" : "";
        return engine.Sql(new SqlScript($"SELECT {string.Join(", ", columns)} FROM t{some}"), ("t", table));
    }
}
