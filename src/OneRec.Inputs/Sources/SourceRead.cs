using System.Globalization;
using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Options;

namespace OneRec.Inputs.Sources;

/// <summary>What a query reads of a source: columns as types, and what tells why a row cannot be read.</summary>
/// <remarks>First its SQL is written, which says what is read; then the rows are asked for.</remarks>
internal abstract class SourceRead
{
    /// <summary>Names of the columns that tell what is wrong with a bad row.</summary>
    public abstract IReadOnlyList<string> Details { get; }

    /// <summary>A column as the type that it is checked for, or as microseconds where it is one of times; null where it is no such value.</summary>
    /// <param name="sql">Writes the SQL.</param>
    /// <param name="column">One of those that are checked.</param>
    public abstract string Typed(SqlWriter sql, ReadColumn column);

    /// <summary>A column as the source has it: of CSV its text.</summary>
    public string AsIs(SqlWriter sql, string column)
    {
        Need(column);
        return sql.Name(column);
    }

    /// <summary>Says that SQL of the user reads a column as the source has it.</summary>
    public abstract void Need(string column);

    /// <summary>Above 0 where a value is none of its column's type, or the record cannot be read; else 0.</summary>
    /// <param name="sql">Writes the SQL.</param>
    public abstract string Misfits(SqlWriter sql);

    /// <summary>The columns <see cref="Details"/>, for a select list over the source.</summary>
    public abstract IEnumerable<string> SelectDetails(SqlWriter sql);

    /// <summary>A column of <see cref="Details"/> of bad rows alone, for a select list.</summary>
    /// <param name="detail">Its name.</param>
    /// <param name="flag">The column that is 1 in bad rows.</param>
    public abstract string OfBadRow(string detail, string flag);

    /// <summary>The columns <see cref="Details"/> of bad rows alone, for a select list.</summary>
    /// <param name="flag">The column that is 1 in bad rows.</param>
    public SqlArgument.Expression OfBadRows(string flag) => new(string.Join(", ", Details.Select(d => OfBadRow(d, flag))));

    /// <summary>The source's rows, with what the SQL was written over.</summary>
    public abstract IRelation Rows(IQueryEngine engine);

    /// <summary>Makes of an engine's failure to read the error that names the place; returns where there is none.</summary>
    /// <param name="failure">What the engine told.</param>
    /// <exception cref="OneRecException">The place (exit 3).</exception>
    public abstract void Explain(OneRecException failure);

    /// <summary>Does with bad rows what <c>input.badRows</c> says: ends with the first, or lists all.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="rows">Rows with <paramref name="flag"/> and <see cref="Details"/>.</param>
    /// <param name="flag">The column that is 1 in bad rows.</param>
    /// <param name="groups">Checks of columns of lower groups alone are told.</param>
    /// <param name="count">How many are bad.</param>
    /// <param name="setting">What to do.</param>
    /// <param name="to">Takes them where they are quarantined.</param>
    /// <exception cref="OneRecException">The first bad row; or they are too many to keep (exit 3).</exception>
    public void ResolveBadRows(
        IQueryEngine engine, IRelation rows, string flag, int groups, long count, BadRows setting, BadRowList to)
    {
        if (count == 0)
        {
            return;
        }

        if (setting == BadRows.Fail)
        {
            BadRow first = First(engine, rows, flag, groups);
            string place = first.Row is { } number ? $"{first.Source}: row {number}" : first.Source;

            // The reason of a malformed record continues the sentence: "row 2 has 3 fields".
            throw first.IsMalformed
                ? OneRecException.Input("input.csv", $"{place} {first.Reason}")
                : OneRecException.Input(
                    "input.bad-row", string.Create(CultureInfo.InvariantCulture, $"{place}: {first.Reason} ({count} bad rows in all)"));
        }

        foreach (BadRow row in All(engine, rows, flag, groups))
        {
            to.Add(row);
        }
    }

    /// <summary>Does with the rows that column <c>bad</c> tells what <c>input.badRows</c> says.</summary>
    /// <exception cref="OneRecException">The first bad row; or they are too many to keep (exit 3).</exception>
    public void ResolveAllBadRows(IQueryEngine engine, IRelation rows, BadRows setting, BadRowList to)
    {
        SqlScript count = SqlScript.Load(typeof(SourceRead), "bad_count.sql");
        long bad = (long)RowReader.Read(engine.Collect(engine.Sql(count, ("source", rows))))[0][0]!;
        ResolveBadRows(engine, rows, "bad", int.MaxValue, bad, setting, to);
    }

    /// <summary>Keeps what SQL makes of the source's rows.</summary>
    /// <exception cref="OneRecException">A file that cannot be read, or what the engine told.</exception>
    public IMaterializedRelation Materialize(IQueryEngine engine, Func<IRelation, IRelation> make)
    {
        try
        {
            IRelation rows = Rows(engine);
            IMaterializedRelation kept = engine.Materialize(make(rows));
            (rows as IDisposable)?.Dispose();
            return kept;
        }
        catch (OneRecException e) when (e.Kind is ErrorKind.Input or ErrorKind.Engine)
        {
            Explain(e);
            throw;
        }
    }

    /// <summary>The first bad row.</summary>
    protected abstract BadRow First(IQueryEngine engine, IRelation rows, string flag, int groups);

    /// <summary>The bad rows in the order of files and rows, where the source has one.</summary>
    protected abstract IEnumerable<BadRow> All(IQueryEngine engine, IRelation rows, string flag, int groups);
}
