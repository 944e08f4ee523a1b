using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Csv;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Log;

/// <summary>How the log's columns are read: types, unit of time, and the SQL that says so.</summary>
/// <param name="Time">Column of times with what it holds; null where none are read.</param>
/// <param name="Check">The columns that decide whether a row can be read.</param>
/// <param name="Columns">The select list of the innermost SELECT of <c>read_log.sql</c>.</param>
/// <param name="Where">The predicate.</param>
/// <param name="Types">The columns read with their types, for <c>runs</c> and people.</param>
internal sealed record LogLayout(
    (string Column, InputTimeUnit Unit)? Time,
    RowCheck Check,
    SqlFragment Columns,
    SqlFragment Where,
    string Types)
{
    /// <summary>The layout of a log.</summary>
    /// <exception cref="OneRecException">A column is missing, or its type cannot be an id or a time.</exception>
    public static LogLayout Of(InputSource source, InputOptions input, bool needsTime)
    {
        InputColumns names = input.Columns;
        source.Require(names.User, "input.columns.user");
        source.Require(names.Item, "input.columns.item");
        source.RequireReadable(input.Where);
        bool time = needsTime || input.From is not null || input.To is not null;
        if (time)
        {
            source.Require(names.Time, "input.columns.time");
        }

        var user = new ReadColumn(source.Column(names.User), source.IdTypeOf(names.User), "ids");
        var item = new ReadColumn(source.Column(names.Item), source.IdTypeOf(names.Item), "ids");
        InputTimeUnit unit = time ? UnitOf(source, input) : InputTimeUnit.Us;
        ReadColumn? when = time ? new ReadColumn(source.Column(names.Time), null, "times", unit) : null;
        ReadColumn[] others = [.. SqlWords.Columns(input.Where, source.Columns)
            .Select(source.Column)
            .Select(c => new ReadColumn(c, c.Name == names.User ? user.Type : c.Name == names.Item ? item.Type : c.Type))];
        var check = new RowCheck([.. others, user, item, .. when is null ? Array.Empty<ReadColumn>() : [when]]);
        return new LogLayout(
            time ? (names.Time, unit) : null,
            check,
            List(check, user, item, when, others),
            Predicate(input.Where),
            Told(user, item, when, others));
    }

    /// <summary>The script that reads the log.</summary>
    /// <param name="from">The least microsecond that is read.</param>
    /// <param name="to">The first that is not.</param>
    public SqlScript Script(long from, long to)
    {
        SqlScript script = Columns.Into(SqlScript.Load(typeof(LogLayout), "read_log.sql"), "columns");
        return Where.Into(script, "where")
            .With("raws", Check.Names)
            .With("raws_of_bad", Check.OfBadRows)
            .With("from", from)
            .With("to", to);
    }

    private static SqlFragment List(
        RowCheck check, ReadColumn user, ReadColumn item, ReadColumn? when, IReadOnlyList<ReadColumn> others)
    {
        var columns = new SqlWriter("columns");
        string misfits = string.Join(" + ", others.Select(o => columns.Misfit(o.Column, o.Type)).Prepend("0"));
        string[] list =
        [
            $"{columns.Typed(user.Column, user.Type)} AS onerec_user",
            $"{columns.Typed(item.Column, item.Type)} AS onerec_item",
            $"{(when is null ? "CAST(0 AS BIGINT)" : columns.Micros(when.Column, when.Unit!.Value))} AS onerec_time",
            $"{misfits} AS onerec_misfits",
            .. check.Select(columns),
            .. others.Select(o => $"{columns.Typed(o.Column, o.Type)} AS {columns.Name(o.Column.Name)}"),
        ];
        return columns.Fragment(string.Join(",\n      ", list));
    }

    private static SqlFragment Predicate(string? sql)
    {
        var where = new SqlWriter("where");
        return where.Fragment(sql is null ? "1 = 1" : where.User(sql));
    }

    private static string Told(ReadColumn user, ReadColumn item, ReadColumn? when, IEnumerable<ReadColumn> others)
    {
        IEnumerable<string> all = new[] { user, item }.Concat(others)
            .DistinctBy(c => c.Column.Name)
            .Select(c => $"{c.Column.Name} {(c.Type is { } type ? CsvSource.Name(type) : ColumnTypes.Name(c.Column.Native))}");
        return string.Join(", ", when is null ? all : all.Append($"{when.Column.Name} {UnitName(when.Unit!.Value)}"));
    }

    private static string UnitName(InputTimeUnit unit) => unit switch
    {
        InputTimeUnit.S => "in seconds",
        InputTimeUnit.Ms => "in milliseconds",
        InputTimeUnit.Us => "in microseconds",
        InputTimeUnit.Date => "DATE",
        _ => "TIMESTAMP",
    };

    private static InputTimeUnit UnitOf(InputSource source, InputOptions input)
    {
        string column = input.Columns.Time;
        SourceColumn time = source.Column(column);
        InputTimeUnit unit = input.TimeUnit ?? source.TimeUnitOf(column) ?? throw OneRecException.Input(
            "input.time",
            $"{source.Files.First}: column '{column}' ({(time.Type is { } type ? CsvSource.Name(type) : ColumnTypes.Name(time.Native))}) "
                + "holds neither whole numbers nor ISO 8601 times; set input.columns.time or input.timeUnit");
        bool fits = ColumnTypes.Of(time.Native) switch
        {
            ColumnType.Text => true,
            ColumnType.BigInt => unit is InputTimeUnit.S or InputTimeUnit.Ms or InputTimeUnit.Us,
            ColumnType.Timestamp => unit == InputTimeUnit.Timestamp,
            ColumnType.Date => unit is InputTimeUnit.Date or InputTimeUnit.Timestamp,
            _ => false,
        };
        return fits ? unit : throw OneRecException.Configuration(
            "input.timeUnit",
            $"input.timeUnit is {unit.ToString().ToLowerInvariant()}, but column '{column}' of {source.Files.First} is "
                + $"{ColumnTypes.Name(time.Native)}; leave input.timeUnit out, or set input.columns.time");
    }
}
