using System.Text.Json;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Tables;

/// <summary>The upkeep of tables by Delta Lake's own <c>OPTIMIZE</c> and <c>VACUUM</c>. Delta Lake cleans up its logs itself.</summary>
/// <param name="session">The session.</param>
/// <param name="tables">The tables.</param>
internal sealed class SparkUpkeep(SparkSession session, DeltaTables tables) : ITableUpkeep
{
    /// <inheritdoc/>
    public UpkeepOutcome? Maintain(string table, UpkeepPlan plan, CommitNote note)
    {
        if (tables.State(table) is null)
        {
            return null;
        }

        string name = $"delta.`{tables.PathOf(table).Replace("`", "``", StringComparison.Ordinal)}`";
        try
        {
            (long merged, long written) = plan.DryRun ? (0, 0) : Optimize(name);
            long hours = (long)Math.Ceiling(plan.Retention.TotalHours);
            string vacuum = $"VACUUM {name} RETAIN {hours} HOURS DRY RUN";
            long gone = Count(vacuum);
            if (!plan.DryRun && gone > 0)
            {
                Sql($"VACUUM {name} RETAIN {hours} HOURS").Dispose();
            }

            return new UpkeepOutcome(merged, written, gone, 0, 0);
        }
        catch (JvmException e)
        {
            throw tables.LogFault(table, e);
        }
    }

    /// <inheritdoc/>
    /// <remarks>Delta Lake knows the sizes of files only after a job over its log.</remarks>
    public long SmallFiles(string table) => 0;

    /// <inheritdoc/>
    public void Drop(string table) => SparkErrors.Guard(() => HadoopFiles.Delete(session, tables.PathOf(table)));

    /// <inheritdoc/>
    public IReadOnlyList<string> TablesIn(string folder) => SparkErrors.Guard<IReadOnlyList<string>>(() =>
        HadoopFiles.Find(session, tables.PathOf(folder)) is null
            ? []
            : [.. HadoopFiles.List(session, tables.PathOf(folder))
                .Where(f => f.IsFolder)
                .Select(f => $"{folder}/{f.Name}")
                .Order(StringComparer.Ordinal)]);

    /// <inheritdoc/>
    public bool ChangedBefore(string table, DateTimeOffset time) => SparkErrors.Guard(() =>
    {
        string log = tables.PathOf(table) + "/_delta_log";
        return HadoopFiles.Find(session, log) is null || HadoopFiles.List(session, log).All(f => f.Modified < time);
    });

    /// <inheritdoc/>
    /// <remarks>Queries always run on the local engine.</remarks>
    public TableVerification? Verify(string table, Action<long, long> progress) => throw OneRecException.Configuration(
        "verify.engine", $"{tables.PathOf(table)}: only tables in a local folder can be verified; copy them to one");

    private (long Merged, long Written) Optimize(string name)
    {
        using JvmObject frame = Sql($"OPTIMIZE {name}");
        using JvmObject json = frame.Get("toJSON");
        using JsonDocument row = JsonDocument.Parse((string)json.Call("first")!);
        JsonElement metrics = row.RootElement.GetProperty("metrics");
        return (metrics.GetProperty("numFilesRemoved").GetInt64(), metrics.GetProperty("numFilesAdded").GetInt64());
    }

    private long Count(string sql)
    {
        using JvmObject frame = Sql(sql);
        return (long)frame.Call("count")!;
    }

    private JvmObject Sql(string sql) => session.Session.Get("sql", sql);
}
