using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Quantization;

/// <summary>Writes measurements into table <c>quality</c>, in place of the ones that the same key has.</summary>
public static class QualityRows
{
    /// <summary>Writes rows of some metrics.</summary>
    /// <param name="context">The run.</param>
    /// <param name="note">The note of the last commit.</param>
    /// <param name="keyColumn">The column that says whose rows they are: <c>codebook_id</c> or <c>run_id</c>.</param>
    /// <param name="key">Its value.</param>
    /// <param name="prefix">Prefix of the metrics: rows of others stay.</param>
    /// <param name="rows">Metric, level, iteration, value.</param>
    /// <param name="codebookId">The codebook.</param>
    /// <returns>The table's new version.</returns>
    /// <remarks>
    /// One append where the key has no rows of the prefix. Else a commit a metric, of which only the last is complete:
    /// a run killed in between writes them again.
    /// </remarks>
    public static TableVersion Write(
        StepContext context,
        CommitNote note,
        string keyColumn,
        string key,
        string prefix,
        IReadOnlyList<(string Metric, int? Level, int? Iteration, double Value)> rows,
        string codebookId)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(note);
        ArgumentNullException.ThrowIfNull(rows);
        TableDefinition table = OneRecTables.Quality();
        object?[][] values =
        [
            .. rows.Select(r => new object?[] { context.RunId, codebookId, r.Metric, r.Level, r.Iteration, r.Value }),
        ];
        string[] there = Metrics(context.Engine, keyColumn, key, prefix);
        if (there.Length == 0)
        {
            return Commit(context, table, new WriteMode.Append(), note, values);
        }

        string[] metrics = [.. there.Union(rows.Select(r => r.Metric)).Order(StringComparer.Ordinal)];
        TableVersion version = new(table.Name, 0);
        foreach (string metric in metrics)
        {
            version = Commit(
                context,
                table,
                new WriteMode.Replace(new Dictionary<string, string> { [keyColumn] = key, ["metric"] = metric }),
                note with { Complete = note.Complete && metric == metrics[^1] },
                [.. values.Where(v => (string)v[2]! == metric)]);
        }

        return version;
    }

    /// <summary>Removes a codebook's rows of one metric.</summary>
    public static void Remove(StepContext context, CommitNote note, string codebookId, string metric)
    {
        ArgumentNullException.ThrowIfNull(context);
        var rows = new Dictionary<string, string> { ["codebook_id"] = codebookId, ["metric"] = metric };
        Commit(context, OneRecTables.Quality(), new WriteMode.Replace(rows), note, []);
    }

    private static TableVersion Commit(
        StepContext context, TableDefinition table, WriteMode mode, CommitNote note, object?[][] values) =>
        context.Write(
            context.Engine.FromRows(table.Schema, [RowReader.Build(table.Schema, values)]),
            new TableWrite(table, mode, note),
            out _);

    private static string[] Metrics(IEngine engine, string keyColumn, string key, string prefix)
    {
        if (engine.Tables.State("quality") is null)
        {
            return [];
        }

        SqlScript script = SqlScript.Load(typeof(QualityRows), "quality_metrics.sql")
            .With("key_column", new SqlArgument.Name(keyColumn))
            .With("key", key);
        return
        [
            .. RowReader.Read(engine.Collect(engine.Sql(script, ("quality", engine.ReadTable("quality")))))
                .Select(row => (string)row[0]!)
                .Where(metric => metric.StartsWith(prefix, StringComparison.Ordinal)),
        ];
    }
}
