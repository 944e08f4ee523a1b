using OneRec.Core;

namespace OneRec.Inputs.Columns;

/// <summary>The rows of an input that are not read, held by the driver.</summary>
internal sealed class BadRowList(string source)
{
    /// <summary>So many that the input is not what the options say, rather than an input with bad rows.</summary>
    public const int Most = 1_000_000;

    private const int LongestPayload = 10_000;

    private readonly List<BadRow> _rows = [];

    /// <summary>The rows.</summary>
    public IReadOnlyList<BadRow> Rows => _rows;

    /// <summary>Adds one.</summary>
    /// <exception cref="OneRecException">There are more than <see cref="Most"/> (exit 3).</exception>
    public void Add(BadRow row)
    {
        if (_rows.Count == Most)
        {
            throw TooMany();
        }

        _rows.Add(row.Payload?.Length > LongestPayload ? row with { Payload = row.Payload[..LongestPayload] } : row);
    }

    /// <summary>The error about too many.</summary>
    public OneRecException TooMany() => OneRecException.Input(
        "input.too-many-bad-rows",
        $"{source} has more than {Most:N0} bad rows, such as: {_rows.FirstOrDefault()?.Reason ?? "rows that do not parse"}; "
            + "are input.columns, input.types and input.timeUnit right?");
}

/// <summary>A row that is not read.</summary>
/// <param name="Source">The file; of a source whose rows have no order, its path.</param>
/// <param name="Row">Its record in the file, from 1; null where the source has no order.</param>
/// <param name="Reason">What is wrong with it.</param>
/// <param name="Payload">The record as a line of CSV, or the columns looked at as JSON.</param>
public sealed record BadRow(string Source, long? Row, string Reason, string? Payload)
{
    /// <summary>Whether the whole record is malformed; otherwise one of its values cannot be read.</summary>
    public bool IsMalformed { get; init; }
}
