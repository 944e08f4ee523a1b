using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Quantization;

/// <summary>Writes measurements to table <c>quality</c>, replacing those of the same key.</summary>
public static class QualityRows
{
    /// <summary>Writes the rows of all metrics with a prefix.</summary>
    /// <param name="run">The run.</param>
    /// <param name="note">The note of the last commit.</param>
    /// <param name="keyColumn">
    /// The column that identifies the rows to replace: <c>codebook_id</c> or <c>run_id</c>.
    /// </param>
    /// <param name="key">The value of that column.</param>
    /// <param name="prefix">Prefix of the metrics: rows of other metrics are kept.</param>
    /// <param name="rows">Metric, level, iteration, value.</param>
    /// <param name="codebookId">The codebook; null if the measurements are of none.</param>
    /// <returns>The table's new version.</returns>
    /// <remarks>
    /// One append if the key has no rows with the prefix. Otherwise one commit per metric, of which only the last is
    /// marked as complete, so that the next run after a kill in between writes them again.
    /// </remarks>
    public static TableVersion Write(
        StepRun run,
        CommitNote note,
        string keyColumn,
        string key,
        string prefix,
        IReadOnlyList<(string Metric, int? Level, int? Iteration, double Value)> rows,
        string? codebookId)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(note);
        ArgumentNullException.ThrowIfNull(rows);
        TableDefinition table = OneRecTables.Quality();
        object?[][] values =
        [
            .. rows.Select(r => new object?[] { run.RunId, codebookId, r.Metric, r.Level, r.Iteration, r.Value }),
        ];
        string[] existing = Metrics(run, keyColumn, key, prefix);
        if (existing.Length == 0)
        {
            return Commit(run, table, new WriteMode.Append(), note, values);
        }

        string[] metrics = [.. existing.Union(rows.Select(r => r.Metric)).Order(StringComparer.Ordinal)];
        TableVersion version = new(table.Name, 0);
        foreach (string metric in metrics)
        {
            version = Commit(
                run,
                table,
                new WriteMode.Replace(new Dictionary<string, string> { [keyColumn] = key, ["metric"] = metric }),
                note with { Complete = note.Complete && metric == metrics[^1] },
                [.. values.Where(v => (string)v[2]! == metric)]);
        }

        return version;
    }

    /// <summary>Removes a codebook's rows of one metric.</summary>
    public static void Remove(StepRun run, CommitNote note, string codebookId, string metric)
    {
        ArgumentNullException.ThrowIfNull(run);
        var rows = new Dictionary<string, string> { ["codebook_id"] = codebookId, ["metric"] = metric };
        Commit(run, OneRecTables.Quality(), new WriteMode.Replace(rows), note, []);
    }

    private static TableVersion Commit(
        StepRun run, TableDefinition table, WriteMode mode, CommitNote note, object?[][] values) =>
        run.Write(
            run.Engine.FromRows(table.Schema, [RowReader.Build(table.Schema, values)]),
            new TableWrite(table, mode, note),
            out _);

    private static string[] Metrics(StepRun run, string keyColumn, string key, string prefix)
    {
        if (run.Output("quality").State is null)
        {
            return [];
        }

        SqlScript script = SqlScript.Load(typeof(QualityRows), "quality_metrics.sql")
            .With("key_column", new SqlArgument.Name(keyColumn))
            .With("key", key);
        return
        [
            .. RowReader.Read(run.Engine.Collect(run.Engine.Sql(script, ("quality", run.Output("quality").Rows))))
                .Select(row => (string)row[0]!)
                .Where(metric => metric.StartsWith(prefix, StringComparison.Ordinal)),
        ];
    }
}
