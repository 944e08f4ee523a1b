using System.Globalization;
using System.Text.Json;
using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Options;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>
/// Items that cannot be embedded. By <c>input.badRows</c>, the first one ends the step, or all go to <c>quarantine</c>.
/// </summary>
/// <remarks>An item in quarantine has no embedding, so the next run that has work tries it again.</remarks>
internal sealed class EmbedProblems(IQueryEngine engine, BadRows badRows)
{
    private readonly BadRowList _rows = new("items");
    private bool _hasSource;

    /// <summary>The problems found so far.</summary>
    public IReadOnlyList<BadRow> Rows => _rows.Rows;

    /// <summary>Adds the rows of a source that belong to no item, the first time it is called.</summary>
    public void AddSource(Func<IEnumerable<BadRow>> rows)
    {
        if (_hasSource)
        {
            return;
        }

        _hasSource = true;
        AddRows(rows());
    }

    /// <summary>Adds rows that belong to no item.</summary>
    public void AddRows(IEnumerable<BadRow> rows)
    {
        foreach (BadRow row in rows)
        {
            _rows.Add(row);
        }
    }

    /// <summary>Adds the problems of a slice.</summary>
    /// <param name="embedded">The slice as returned by the kernel.</param>
    /// <param name="problems">Number of items with a problem.</param>
    /// <param name="items">Number of items in the slice.</param>
    /// <exception cref="OneRecException">Input error <c>embed.item</c> that names the first item (exit 3).</exception>
    public void Add(IRelation embedded, long problems, long items)
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
                    $"item {item}: {problem}{others}; fix the item, exclude it with input.deleted, or set input.badRows=quarantine");
            }

            _rows.Add(new BadRow("items", null, problem, Payload(item)));
        }
    }

    /// <summary>How a row of <c>quarantine</c> names an item.</summary>
    /// <param name="item">The item's id as text.</param>
    public static string Payload(string item) => JsonSerializer.Serialize(new { item_id = item });

    private static string Count(long items) => items.ToString("N0", CultureInfo.InvariantCulture);
}
