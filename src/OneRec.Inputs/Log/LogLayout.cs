using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Log;

/// <summary>How the log's columns are read: types, unit of time, and the SQL that says so.</summary>
internal sealed class LogLayout
{
    // What is wrong with keys matters of rows that the predicate takes, what is wrong with times to who reads them.
    private const int Keys = 1;
    private const int Times = 2;

    private readonly ReadColumn _user;
    private readonly ReadColumn _item;
    private readonly ReadColumn? _when;
    private readonly IReadOnlyList<ReadColumn> _others;
    private readonly string? _predicate;

    private LogLayout(InputSource source, InputOptions input, (string Column, InputTimeUnit Unit)? time, OneRecException? noTime)
    {
        InputColumns names = input.Columns;
        Time = time;
        NoTime = noTime;
        IsRanged = input.From is not null || input.To is not null;
        _predicate = input.Where;
        _user = new ReadColumn(source.Column(names.User), source.IdTypeOf(names.User), "ids") { Group = Keys };
        _item = new ReadColumn(source.Column(names.Item), source.IdTypeOf(names.Item), "ids") { Group = Keys };
        _when = time is { } t ? new ReadColumn(source.Column(t.Column), null, "times", t.Unit) { Group = IsRanged ? Keys : Times } : null;
        _others = [.. SqlWords.Columns(input.Where, source.Columns)
            .Select(source.Column)
            .Select(c => new ReadColumn(c, c.Name == names.User ? _user.Type : c.Name == names.Item ? _item.Type : c.Type))];
        Read = source.Begin([.. _others, _user, _item, .. _when is null ? System.Array.Empty<ReadColumn>() : [_when]]);
        Notices = [.. new[] { _user, _item }.Select(c => source.NoticeOf(c.Column)).OfType<string>()];
    }

    /// <summary>The column of times with what it holds; null where there is none, or none that is read.</summary>
    public (string Column, InputTimeUnit Unit)? Time { get; }

    /// <summary>Why there are no times; null where there are.</summary>
    public OneRecException? NoTime { get; }

    /// <summary>Whether rows are taken by their times.</summary>
    public bool IsRanged { get; }

    /// <summary>Whether every row of the source is taken.</summary>
    public bool IsWhole => _predicate is null && !IsRanged && Read is CsvRead;

    /// <summary>What is read of the source.</summary>
    public SourceRead Read { get; }

    /// <summary>What people should know of the columns' types.</summary>
    public IReadOnlyList<string> Notices { get; }

    /// <summary>The layout of a log.</summary>
    /// <exception cref="OneRecException">A column is missing, or its type cannot be an id; with a time range, or a time.</exception>
    public static LogLayout Of(InputSource source, InputOptions input)
    {
        source.Require(input.Columns.User, "input.columns.user");
        source.Require(input.Columns.Item, "input.columns.item");
        source.RequireReadable(input.Where);
        try
        {
            source.Require(input.Columns.Time, "input.columns.time");
            return new LogLayout(source, input, (input.Columns.Time, UnitOf(source, input)), null);
        }
        catch (OneRecException e) when (e.Code.StartsWith("input.", StringComparison.Ordinal) && input.From is null && input.To is null)
        {
            // Only steps that read times need them.
            return new LogLayout(source, input, null, e);
        }
    }

    /// <summary>The script that reads the log.</summary>
    /// <param name="from">The least microsecond that is read.</param>
    /// <param name="to">The first that is not.</param>
    public SqlScript Script(long from, long to)
    {
        SqlScript script = Columns().Into(SqlScript.Load(typeof(LogLayout), "read_log.sql"), "columns");
        script = Predicate().Into(script, "where");
        script = Range(from, to).Into(script, "in_range");
        return script
            .With("details", new SqlArgument.Expression(string.Join(", ", Read.Details)))
            .With("details_of_bad", Read.OfBadRows("bad_timed"))
            .With("no_key", new SqlArgument.Expression(
                "user_id IS NULL OR item_id IS NULL" + (IsRanged ? " OR event_time IS NULL" : "")));
    }

    /// <summary>The columns read with their types, for <c>runs</c> and people.</summary>
    /// <param name="timed">Whether times are read.</param>
    public string DescribeTypes(bool timed)
    {
        IEnumerable<string> all = new[] { _user, _item }.Concat(_others)
            .DistinctBy(c => c.Column.Name)
            .Select(c => $"{c.Column.Name} {(c.Type is { } type ? ColumnWords.Name(type) : ColumnTypes.Name(c.Column.Native))}");
        return string.Join(
            ", ", _when is not null && (timed || IsRanged) ? all.Append($"{_when.Column.Name} {UnitName(_when.Unit!.Value)}") : all);
    }

    private SqlFragment Columns()
    {
        var columns = new SqlWriter("columns");
        string[] list =
        [
            $"{Read.Typed(columns, _user)} AS onerec_user",
            $"{Read.Typed(columns, _item)} AS onerec_item",
            $"{(_when is null ? "CAST(0 AS BIGINT)" : Read.Typed(columns, _when))} AS onerec_time",
            $"{Read.Misfits(columns)} AS onerec_misfits",
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
        return range.Fragment(IsRanged ? $"event_time >= {range.Hole(from)} AND event_time < {range.Hole(to)}" : "1 = 1");
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
            $"{source.Files.First}: column '{column}' ({(time.Type is { } type ? ColumnWords.Name(type) : ColumnTypes.Name(time.Native))}) "
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
