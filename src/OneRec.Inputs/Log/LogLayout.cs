using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Log;

/// <summary>How the log's columns are read: their types, the unit of time, and the SQL.</summary>
internal sealed class LogLayout
{
    // Invalid keys matter in rows that pass the predicate; invalid times matter to steps that read times.
    private const int Keys = 1;
    private const int Times = 2;

    private readonly ReadColumn _user;
    private readonly ReadColumn _item;
    private readonly ReadColumn? _time;
    private readonly IReadOnlyList<ReadColumn> _others;
    private readonly string? _predicate;

    private LogLayout(InputSource source, InputOptions input, (string Column, InputTimeUnit Unit)? time, OneRecException? timeError)
    {
        InputColumns names = input.Columns;
        Time = time;
        TimeError = timeError;
        HasTimeRange = input.From is not null || input.To is not null;
        _predicate = input.Where;
        _user = new ReadColumn(source.Column(names.User), source.IdTypeOf(names.User), "ids") { Group = Keys };
        _item = new ReadColumn(source.Column(names.Item), source.IdTypeOf(names.Item), "ids") { Group = Keys };
        _time = time is { } t ? new ReadColumn(source.Column(t.Column), null, "times", t.Unit) { Group = HasTimeRange ? Keys : Times } : null;
        _others = [.. SqlIdentifiers.Columns(input.Where, source.Columns)
            .Select(source.Column)
            .Select(c => new ReadColumn(c, c.Name == names.User ? _user.Type : c.Name == names.Item ? _item.Type : source.ReadTypeOf(c)))];
        Read = source.Begin([.. _others, _user, _item, .. _time is null ? System.Array.Empty<ReadColumn>() : [_time]]);
        Notices =
        [
            .. new[] { _user, _item }.Concat(_others)
                .DistinctBy(c => c.Column.Name)
                .Select(c => source.TypeNotice(c.Column, c.Type))
                .Prepend(source.Files.PassedOverNotice)
                .OfType<string>(),
        ];
    }

    /// <summary>The time column with its unit; null if there is none, or it cannot be read.</summary>
    public (string Column, InputTimeUnit Unit)? Time { get; }

    /// <summary>The error for steps that read times; null if there are times.</summary>
    public OneRecException? TimeError { get; }

    /// <summary>Whether rows are selected by time.</summary>
    public bool HasTimeRange { get; }

    /// <summary>Whether every row of the source is selected.</summary>
    public bool TakesAllRows => _predicate is null && !HasTimeRange && Read is CsvRead;

    /// <summary>The read of the source.</summary>
    public SourceRead Read { get; }

    /// <summary>Notes for the user about files that are not read and about the columns' types.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>Determines the layout of a log.</summary>
    /// <exception cref="OneRecException">A column is missing, or its type is not valid for an id or, with a time range, a time.</exception>
    public static LogLayout Of(InputSource source, InputOptions input)
    {
        source.Require(input.Columns.User, "input.columns.user");
        source.Require(input.Columns.Item, "input.columns.item");
        source.RequireReadable(input.Where);
        if (input.Columns.Time is not { } time)
        {
            return new LogLayout(source, input, null, null);
        }

        try
        {
            source.Require(time, "input.columns.time");
            return new LogLayout(source, input, (time, UnitOf(source, time, input)), null);
        }
        catch (OneRecException e) when (e.Code.StartsWith("input.", StringComparison.Ordinal) && input.From is null && input.To is null)
        {
            // Only steps that read times need them.
            return new LogLayout(source, input, null, e);
        }
    }

    /// <summary>Composes the script that reads the log.</summary>
    /// <param name="from">First microsecond to read.</param>
    /// <param name="to">Microsecond after the last to read.</param>
    public SqlScript Script(long from, long to)
    {
        SqlScript script = Columns().Into(SqlScript.Load(typeof(LogLayout), "read_log.sql"), "columns");
        script = Predicate().Into(script, "where");
        script = Range(from, to).Into(script, "in_range");
        return script
            .With("details", new SqlArgument.Expression(string.Join(", ", Read.Details)))
            .With("details_of_bad", Read.BadRowDetails("bad_timed"))
            .With("no_key", new SqlArgument.Expression(
                "user_id IS NULL OR item_id IS NULL" + (HasTimeRange ? " OR event_time IS NULL" : "")));
    }

    /// <summary>The columns read with their types, for <c>runs</c> and messages.</summary>
    /// <param name="withTimes">Whether times are read.</param>
    public string DescribeTypes(bool withTimes)
    {
        IEnumerable<string> all = new[] { _user, _item }.Concat(_others)
            .DistinctBy(c => c.Column.Name)
            .Select(c => $"{c.Column.Name} {(c.Type is { } type ? type.SqlName() : ColumnTypes.Name(c.Column.Native))}");
        return string.Join(
            ", ", _time is not null && (withTimes || HasTimeRange) ? all.Append($"{_time.Column.Name} {UnitName(_time.Unit!.Value)}") : all);
    }

    private SqlFragment Columns()
    {
        var columns = new SqlWriter("columns");
        string[] list =
        [
            $"{Read.Typed(columns, _user)} AS onerec_user",
            $"{Read.Typed(columns, _item)} AS onerec_item",
            $"{(_time is null ? "CAST(0 AS BIGINT)" : Read.Typed(columns, _time))} AS onerec_time",
            $"{Read.InvalidValues(columns)} AS onerec_invalid",
            .. Read.SelectDetails(columns),
            .. _others.Select(o => $"{Read.Typed(columns, o)} AS {columns.Name(o.Column.Name)}"),
        ];
        return columns.Fragment(string.Join(",\n        ", list));
    }

    private SqlFragment Predicate()
    {
        var where = new SqlWriter("where");
        return where.Fragment(_predicate is null ? "1 = 1" : where.User(_predicate));
    }

    private SqlFragment Range(long from, long to)
    {
        var range = new SqlWriter("range");
        return range.Fragment(HasTimeRange ? $"event_time >= {range.Hole(from)} AND event_time < {range.Hole(to)}" : "1 = 1");
    }

    private static string UnitName(InputTimeUnit unit) => unit switch
    {
        InputTimeUnit.S => "in seconds",
        InputTimeUnit.Ms => "in milliseconds",
        InputTimeUnit.Us => "in microseconds",
        InputTimeUnit.Date => "DATE",
        InputTimeUnit.Ymd => "as dates such as 20240131",
        InputTimeUnit.Mdy => "as dates such as 01/31/2024",
        InputTimeUnit.Dmy => "as dates such as 31/01/2024",
        _ => "TIMESTAMP",
    };

    private static InputTimeUnit UnitOf(InputSource source, string column, InputOptions input)
    {
        SourceColumn time = source.Column(column);
        InputTimeUnit unit = input.TimeUnit ?? source.TimeUnitOf(column) ?? throw OneRecException.Input(
            "input.time",
            $"{source.Files.First}: column '{column}' ({(time.Type is { } type ? type.SqlName() : ColumnTypes.Name(time.Native))}) "
                + (source.FirstNoTime(column) is { } other
                    ? $"holds times and other values: {other}; fix such rows, or set input.timeUnit to the unit of the times, so that they are bad rows"
                    : "holds neither numbers nor ISO 8601 times; set input.timeUnit to mdy or dmy if it holds dates such as 01/31/2024 or 31/01/2024, convert it, "
                        + "or set input.columns.time to another column, or to null if there is none"));
        bool isNumber = unit is InputTimeUnit.S or InputTimeUnit.Ms or InputTimeUnit.Us;
        bool fits = ColumnTypes.Of(time.Native) switch
        {
            ColumnType.Text => true,
            ColumnType.BigInt => isNumber || unit == InputTimeUnit.Ymd,
            ColumnType.Double => isNumber,
            null when time.Native is Decimal128Type => isNumber,
            ColumnType.Timestamp => unit == InputTimeUnit.Timestamp,
            ColumnType.Date => unit is InputTimeUnit.Date or InputTimeUnit.Timestamp,
            _ => false,
        };
        return fits ? unit : throw OneRecException.Configuration(
            "input.timeUnit",
            $"input.timeUnit is {unit.ToString().ToLowerInvariant()}, but column '{column}' of {source.Files.First} is "
                + $"{ColumnTypes.Name(time.Native)}; remove input.timeUnit, or set input.columns.time");
    }
}
