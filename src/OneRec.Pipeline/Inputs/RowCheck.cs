using OneRec.Pipeline.Engine;

namespace OneRec.Pipeline.Inputs;

/// <summary>The columns of a source whose values decide whether a row can be read, and their texts in SQL.</summary>
/// <remarks>Whether a row is bad is a function of these texts: rows that have the same are both bad or neither is.</remarks>
/// <param name="columns">The columns.</param>
/// <param name="otherwise">What is wrong with a bad row whose texts show nothing.</param>
internal sealed class RowCheck(IReadOnlyList<ReadColumn> columns, string otherwise = "a column does not parse")
{
    private const string Nothing = "CAST(NULL AS STRING)";

    /// <summary>The columns; their texts are named <c>raw_0</c>, <c>raw_1</c> and so on.</summary>
    public IReadOnlyList<ReadColumn> Columns => columns;

    /// <summary>Names of the texts, for a select list.</summary>
    public SqlArgument.Expression Names => List((_, i) => $"raw_{i}");

    /// <summary>The texts of bad rows alone, for a select list over a column <c>bad</c>.</summary>
    public SqlArgument.Expression OfBadRows =>
        List((_, i) => $"CASE WHEN bad = 1 THEN raw_{i} END AS raw_{i}");

    /// <summary>The texts, for a select list over the source.</summary>
    public IEnumerable<string> Select(SqlWriter writer) =>
        columns.Count == 0 ? [$"{Nothing} AS raw_0"] : columns.Select((c, i) => $"{writer.Raw(c.Column)} AS raw_{i}");

    /// <summary>What is wrong with a bad row.</summary>
    public string Problem(IReadOnlyList<string?> raws)
    {
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i].Problem(raws[i]) is { } problem)
            {
                return problem;
            }
        }

        return otherwise;
    }

    // A select list needs a column: where nothing is looked at there is one text, always null.
    private SqlArgument.Expression List(Func<ReadColumn?, int, string> part) => new(columns.Count == 0
        ? part(null, 0)
        : string.Join(", ", columns.Select((c, i) => part(c, i))));
}
