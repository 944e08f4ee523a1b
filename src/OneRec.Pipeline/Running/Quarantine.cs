using System.Globalization;
using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Running;

/// <summary>Table <c>quarantine</c>: the rows that a step left out.</summary>
public static class Quarantine
{
    private const string Table = "quarantine";
    private const int BatchRows = 8_192;
    private const int ReasonsTold = 3;

    /// <summary>
    /// Writes a step's bad rows in place of those of the same run id and step, and tells how many there are; commits nothing
    /// where there are none and were none.
    /// </summary>
    /// <remarks>To be called before the step's main commit: a repetition replaces the rows.</remarks>
    /// <returns>The facts for the summary: none where there are none.</returns>
    public static IReadOnlyList<Fact> Write(StepContext context, IStep step, StepPlan plan, IReadOnlyList<BadRow> rows)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0 && !Has(context, step))
        {
            return [];
        }

        TableDefinition table = OneRecTables.Quarantine();
        IEnumerable<object?[]> cells = rows.Select(r => new object?[] { context.RunId, step.Name, r.Source, r.Row, r.Reason, r.Payload });
        IRelation relation = context.Engine.FromRows(
            table.Schema, [.. cells.Chunk(BatchRows).Select(chunk => RowReader.Build(table.Schema, chunk))]);
        var write = new TableWrite(
            table,
            new WriteMode.Replace(new Dictionary<string, string> { ["run_id"] = context.RunId, ["step"] = step.Name }),
            context.Note(step, plan));
        context.Write(relation, write, out _);
        Tell(context, step, rows);
        return rows.Count == 0 ? [] : [new Fact("quarantined", Number(rows.Count))];
    }

    private static void Tell(StepContext context, IStep step, IReadOnlyList<BadRow> rows)
    {
        foreach (IGrouping<string, BadRow> source in rows.GroupBy(r => r.Source))
        {
            string[] reasons = [.. source.Select(r => r.Reason).Distinct().Take(ReasonsTold + 1)];
            string some = string.Join("; ", reasons.Take(ReasonsTold)) + (reasons.Length > ReasonsTold ? "; ..." : "");
            context.Observer.Told(step.Name, $"{Number(source.Count())} rows of {source.Key} are in quarantine: {some}");
        }
    }

    private static bool Has(StepContext context, IStep step)
    {
        if (context.Engine.Tables.State(Table) is null)
        {
            return false;
        }

        SqlScript script = new SqlScript("SELECT 1 AS one FROM q WHERE run_id = {{run}} AND step = {{step}} LIMIT 1")
            .With("run", context.RunId)
            .With("step", step.Name);
        return RowReader.Read(context.Engine.Collect(context.Engine.Sql(script, ("q", context.Engine.ReadTable(Table))))).Count > 0;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
