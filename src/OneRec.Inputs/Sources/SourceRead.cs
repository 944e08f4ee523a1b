using System.Globalization;
using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Options;

namespace OneRec.Inputs.Sources;

/// <summary>A read of a source: typed columns, and the details of bad rows.</summary>
/// <remarks>Write the SQL first, since it determines what is read; then request the rows.</remarks>
internal abstract class SourceRead
{
    /// <summary>Names of the columns with the details of bad rows.</summary>
    public abstract IReadOnlyList<string> Details { get; }

    /// <summary>A checked column as its type, or as microseconds if it is a time column; null if the value is invalid.</summary>
    /// <param name="sql">Writes the SQL.</param>
    /// <param name="column">A checked column.</param>
    public abstract string Typed(SqlWriter sql, ReadColumn column);

    /// <summary>A column as it is in the source: for CSV, its text.</summary>
    public string AsIs(SqlWriter sql, string column)
    {
        UseText(column);
        return sql.Name(column);
    }

    /// <summary>Declares that SQL from the user reads a column as it is in the source.</summary>
    public abstract void UseText(string column);

    /// <summary>An expression above 0 if a value is not of its column's type or the record is malformed; otherwise 0.</summary>
    /// <param name="sql">Writes the SQL.</param>
    public abstract string InvalidValues(SqlWriter sql);

    /// <summary>The columns <see cref="Details"/>, for a select list over the source.</summary>
    public abstract IEnumerable<string> SelectDetails(SqlWriter sql);

    /// <summary>A column of <see cref="Details"/>, in bad rows only, for a select list.</summary>
    /// <param name="detail">Its name.</param>
    /// <param name="flag">The column that is 1 in bad rows.</param>
    public abstract string BadRowDetail(string detail, string flag);

    /// <summary>The columns <see cref="Details"/>, in bad rows only, for a select list.</summary>
    /// <param name="flag">The column that is 1 in bad rows.</param>
    public SqlArgument.Expression BadRowDetails(string flag) => new(string.Join(", ", Details.Select(d => BadRowDetail(d, flag))));

    /// <summary>The source's rows, with the columns that the SQL uses.</summary>
    public abstract IRelation Rows(IQueryEngine engine);

    /// <summary>Checks the files after an engine failed to read them, and throws an error that names the bad file; returns if all are good.</summary>
    /// <param name="failure">The engine's error.</param>
    /// <exception cref="OneRecException">A file is bad (exit 3).</exception>
    public abstract void ThrowFileError(OneRecException failure);

    /// <summary>Handles bad rows as <c>input.badRows</c> says: throws the first, or lists all.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="rows">Rows with <paramref name="flag"/> and <see cref="Details"/>.</param>
    /// <param name="flag">The column that is 1 in bad rows.</param>
    /// <param name="groups">Only problems of columns in lower groups are reported.</param>
    /// <param name="count">Number of bad rows.</param>
    /// <param name="setting">Option <c>input.badRows</c>.</param>
    /// <param name="to">Receives the bad rows if they are quarantined.</param>
    /// <exception cref="OneRecException">The first bad row, or too many bad rows to keep (exit 3).</exception>
    public void ResolveBadRows(
        IQueryEngine engine, IRelation rows, string flag, int groups, long count, BadRows setting, BadRowList to)
    {
        if (count == 0)
        {
            return;
        }

        if (setting == BadRows.Fail)
        {
            BadRow first = FirstBadRow(engine, rows, flag, groups);
            string place = first.Row is { } number ? $"{first.Source}: row {number}" : first.Source;

            // The reason of a malformed record continues the sentence: "row 2 has 3 fields".
            throw first.IsMalformed
                ? OneRecException.Input("input.csv", $"{place} {first.Reason}")
                : OneRecException.Input(
                    "input.bad-row", string.Create(CultureInfo.InvariantCulture, $"{place}: {first.Reason} ({count} bad {(count == 1 ? "row" : "rows")} in total)"));
        }

        foreach (BadRow row in AllBadRows(engine, rows, flag, groups))
        {
            to.Add(row);
        }
    }

    /// <summary>Handles the rows with <c>bad = 1</c> as <c>input.badRows</c> says.</summary>
    /// <exception cref="OneRecException">The first bad row, or too many bad rows to keep (exit 3).</exception>
    public void ResolveAllBadRows(IQueryEngine engine, IRelation rows, BadRows setting, BadRowList to)
    {
        SqlScript count = SqlScript.Load(typeof(SourceRead), "bad_count.sql");
        long bad = (long)RowReader.Read(engine.Collect(engine.Sql(count, ("source", rows))))[0][0]!;
        ResolveBadRows(engine, rows, "bad", int.MaxValue, bad, setting, to);
    }

    /// <summary>Materializes the result of SQL over the source's rows.</summary>
    /// <exception cref="OneRecException">A file cannot be read, or the engine fails.</exception>
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
            ThrowFileError(e);
            throw;
        }
    }

    /// <summary>Finds the first bad row.</summary>
    protected abstract BadRow FirstBadRow(IQueryEngine engine, IRelation rows, string flag, int groups);

    /// <summary>Finds the bad rows, in the order of files and rows if the source has one.</summary>
    protected abstract IEnumerable<BadRow> AllBadRows(IQueryEngine engine, IRelation rows, string flag, int groups);
}
