using OneRec.Core;

namespace OneRec.Pipeline.Inputs;

/// <summary>How the log's columns are read: types, unit of time, and the SQL that says so.</summary>
/// <param name="User">Column of user ids.</param>
/// <param name="UserType">BIGINT or STRING.</param>
/// <param name="Item">Column of item ids.</param>
/// <param name="ItemType">BIGINT or STRING.</param>
/// <param name="Time">Column of times; null where none are read.</param>
/// <param name="Unit">What it holds.</param>
/// <param name="Others">Columns that the predicate names, with their types.</param>
/// <param name="Columns">The select list of the innermost SELECT of <c>read_log.sql</c>.</param>
/// <param name="Where">The predicate.</param>
internal sealed record LogLayout(
    string User,
    ColumnType UserType,
    string Item,
    ColumnType ItemType,
    string? Time,
    TimeUnit Unit,
    IReadOnlyList<(string Column, ColumnType Type)> Others,
    SqlFragment Columns,
    SqlFragment Where)
{
    /// <summary>The layout of a log.</summary>
    /// <exception cref="OneRecException">A column is missing, or its type cannot be an id or a time.</exception>
    public static LogLayout Of(CsvSource source, InputOptions input, bool needsTime)
    {
        InputColumns names = input.Columns;
        source.Require(names.User, "input.columns.user");
        source.Require(names.Item, "input.columns.item");
        bool time = needsTime || input.From is not null || input.To is not null;
        if (time)
        {
            source.Require(names.Time, "input.columns.time");
        }

        ColumnType user = source.IdTypeOf(names.User);
        ColumnType item = source.IdTypeOf(names.Item);
        TimeUnit unit = time ? UnitOf(source, input) : TimeUnit.Us;
        (string, ColumnType)[] others =
            [.. SqlWords.Columns(input.Where, source.Columns).Select(c => (c, TypeOf(c, source, names, user, item)))];
        var columns = new SqlWriter("columns");
        string micros = time ? columns.Micros(names.Time, unit) : "CAST(0 AS BIGINT)";
        string misfits = others.Length == 0 ? "0" : string.Join(" + ", others.Select(o => columns.Misfit(o.Item1, o.Item2)));
        string[] list =
        [
            $"{columns.Typed(names.User, user)} AS onerec_user",
            $"{columns.Typed(names.Item, item)} AS onerec_item",
            $"{micros} AS onerec_time",
            $"{columns.Name(names.User)} AS onerec_raw_user",
            $"{columns.Name(names.Item)} AS onerec_raw_item",
            $"{(time ? columns.Name(names.Time) : "CAST(NULL AS STRING)")} AS onerec_raw_time",
            $"{misfits} AS onerec_misfits",
            .. others.Select(o => $"{columns.Typed(o.Item1, o.Item2)} AS {columns.Name(o.Item1)}"),
        ];
        var where = new SqlWriter("where");
        return new LogLayout(
            names.User,
            user,
            names.Item,
            item,
            time ? names.Time : null,
            unit,
            others,
            columns.Fragment(string.Join(",\n      ", list)),
            where.Fragment(input.Where is null ? "1 = 1" : where.User(input.Where)));
    }

    private static ColumnType TypeOf(
        string column, CsvSource source, InputColumns names, ColumnType user, ColumnType item) =>
        column == names.User ? user : column == names.Item ? item : source.TypeOf(column);

    private static TimeUnit UnitOf(CsvSource source, InputOptions input)
    {
        string column = input.Columns.Time;
        return input.TimeUnit ?? source.TimeUnitOf(column) ?? throw OneRecException.Input(
            "input.time",
            $"{source.Files.Files[0]}: column '{column}' ({CsvSource.Name(source.TypeOf(column))}) holds neither whole "
                + "numbers nor ISO 8601 times; set input.columns.time or input.timeUnit");
    }
}
