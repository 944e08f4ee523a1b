using System.Globalization;
using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Running;

/// <summary>Table <c>quarantine</c>: the rows that a step rejected.</summary>
public static class Quarantine
{
    private const string Table = "quarantine";
    private const int BatchRows = 8_192;
    private const int ReasonsShown = 3;

    /// <summary>
    /// Writes a step's bad rows, replacing those of the same run id and step, and reports their number. Commits nothing
    /// if there are none now and were none before.
    /// </summary>
    /// <remarks>Call it before the step's main commit: a repeated run replaces the rows.</remarks>
    /// <returns>Facts for the summary; empty if there are no bad rows.</returns>
    public static IReadOnlyList<Fact> Write(StepRun run, IReadOnlyList<BadRow> rows)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0 && !Has(run))
        {
            return [];
        }

        TableDefinition table = OneRecTables.Quarantine();
        IEnumerable<object?[]> cells = rows.Select(r => new object?[] { run.RunId, run.Step, r.Source, r.Row, r.Reason, r.Payload });
        IRelation relation = run.Engine.FromRows(
            table.Schema, [.. cells.Chunk(BatchRows).Select(chunk => RowReader.Build(table.Schema, chunk))]);
        var write = new TableWrite(
            table,
            new WriteMode.Replace(new Dictionary<string, string> { ["run_id"] = run.RunId, ["step"] = run.Step }),
            run.Note());
        run.Write(relation, write, out _);
        Report(run, rows);
        return rows.Count == 0 ? [] : [Fact.Of("quarantined", rows.Count)];
    }

    private static void Report(StepRun run, IReadOnlyList<BadRow> rows)
    {
        foreach (IGrouping<string, BadRow> source in rows.GroupBy(r => r.Source))
        {
            string[] reasons = [.. source.Select(r => r.Reason).Distinct().Take(ReasonsShown + 1)];
            string some = string.Join("; ", reasons.Take(ReasonsShown)) + (reasons.Length > ReasonsShown ? "; ..." : "");
            run.Report($"{Number(source.Count())} rows of {source.Key} were put into quarantine: {some}");
        }
    }

    private static bool Has(StepRun run)
    {
        PinnedTable table = run.Output(Table);
        if (table.State is null)
        {
            return false;
        }

        SqlScript script = new SqlScript("SELECT 1 AS one FROM q WHERE run_id = {{run}} AND step = {{step}} LIMIT 1")
            .With("run", run.RunId)
            .With("step", run.Step);
        return RowReader.Read(run.Engine.Collect(run.Engine.Sql(script, ("q", table.Rows)))).Count > 0;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
