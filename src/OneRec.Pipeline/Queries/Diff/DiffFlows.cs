using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Pipeline.Queries.Prefixes;

namespace OneRec.Pipeline.Queries.Diff;

/// <summary>Sums changes by prefix.</summary>
/// <param name="engine">The engine.</param>
/// <param name="changes">Rows of <c>diff_changes.sql</c>.</param>
/// <param name="read">Reads the rows of a script.</param>
internal sealed class DiffFlows(IQueryEngine engine, IRelation changes, Func<SqlScript, (string, IRelation)[], List<object?[]>> read)
{
    private static readonly Schema Asked = new([new Field("prefix", StringType.Default, false)], null);

    /// <summary>What moved at a level, of the items below a parent before.</summary>
    public LevelChange Level(int level, PrefixText parent)
    {
        IRelation both = Flows(engine.Sql(DiffQuery.Below("diff_both.sql", parent), ("changes", changes)), level);
        object?[] row = read(SqlScript.Load(typeof(DiffFlows), "diff_level.sql"), [("flows", both)])[0];
        (long moved, long items, long before, long after, long kept) = ((long)row[0]!, (long)row[1]!, (long)row[2]!, (long)row[3]!, (long)row[4]!);
        return new LevelChange(level, moved, items, before == 0 ? null : (double)kept / before, after == 0 ? null : (double)kept / after);
    }

    /// <summary>The prefixes of a length that lost and got most.</summary>
    /// <param name="length">Their number of codes.</param>
    /// <param name="parent">What they lie below.</param>
    /// <param name="most">How many.</param>
    /// <param name="ends">How many of the prefixes that their items went to and came from.</param>
    /// <param name="all">Whether also those that did not change.</param>
    public PrefixChanges Changed(int length, PrefixText parent, int most, int ends, bool all)
    {
        IRelation flows = Flows(changes, length);
        IRelation balance = engine.Sql(DiffQuery.Below("diff_balance.sql", parent), ("flows", flows));
        List<object?[]> rows = read(
            SqlScript.Load(typeof(DiffFlows), "diff_changed.sql").With("least", all ? 0 : 1).With("most", most), [("balance", balance)]);
        if (rows.Count == 0)
        {
            return new PrefixChanges(length, 0, []);
        }

        IRelation asked = engine.FromRows(Asked, [RowReader.Build(Asked, [.. rows.Select(r => new[] { r[0] })])]);
        ILookup<(string, string), (string, long)> found = read(
                SqlScript.Load(typeof(DiffFlows), "diff_ends.sql").With("most", ends), [("flows", flows), ("asked", asked)])
            .ToLookup(r => ((string)r[0]!, (string)r[1]!), r => ((string)r[2]!, (long)r[3]!));
        return new PrefixChanges(
            length,
            (long)rows[0][8]!,
            [
                .. rows.Select(r => new PrefixChange(
                    (string)r[0]!, (long)r[1]!, (long)r[2]!, (long)r[3]!, (long)r[4]!, (long)r[5]!, (long)r[6]!, (long)r[7]!,
                    [.. found[((string)r[0]!, "to")]], [.. found[((string)r[0]!, "from")]])),
            ]);
    }

    private IRelation Flows(IRelation items, int length) => engine.Sql(
        SqlScript.Load(typeof(DiffFlows), "diff_flows.sql").With("from", PrefixText.OfSid(length, "from_sid")).With("to", PrefixText.OfSid(length, "to_sid")),
        ("changes", items));
}
