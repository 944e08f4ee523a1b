using System.Globalization;
using System.Text.Json;
using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Options;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>Items that cannot be embedded: the first ends the step, or all go to <c>quarantine</c>, as <c>input.badRows</c> says.</summary>
/// <remarks>An item in quarantine has no embedding, so that the next run that has work tries it again.</remarks>
internal sealed class EmbedProblems(IEngine engine, BadRows badRows)
{
    private readonly BadRowList _rows = new("items");

    /// <summary>The items so far.</summary>
    public IReadOnlyList<BadRow> Rows => _rows.Rows;

    /// <summary>Takes a slice's problems.</summary>
    /// <param name="embedded">The slice, as the kernel gives it.</param>
    /// <param name="problems">How many there are, of <paramref name="items"/>.</param>
    /// <param name="items">Items of the slice.</param>
    /// <exception cref="OneRecException">Input error <c>embed.item</c> that names the first item (exit 3).</exception>
    public void Take(IRelation embedded, long problems, long items)
    {
        if (problems == 0)
        {
            return;
        }

        IRelation rows = engine.Sql(SqlScript.Load(typeof(EmbedProblems), "problem_items.sql"), ("embedded", embedded));
        foreach (object?[] row in RowReader.Read(engine.Collect(rows)))
        {
            (string item, string problem) = ((string)row[0]!, (string)row[1]!);
            if (badRows == BadRows.Fail)
            {
                string others = problems == 1 ? "" : $" ({Count(problems)} such items among {Count(items)})";
                throw OneRecException.Input(
                    "embed.item",
                    $"item {item}: {problem}{others}; mend it, leave it out by input.deleted, or set input.badRows=quarantine");
            }

            _rows.Add(new BadRow("items", null, problem, JsonSerializer.Serialize(new { item_id = item })));
        }
    }

    private static string Count(long items) => items.ToString("N0", CultureInfo.InvariantCulture);
}
