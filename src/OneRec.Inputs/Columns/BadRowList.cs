using OneRec.Core;

namespace OneRec.Inputs.Columns;

/// <summary>The bad rows of an input, held by the driver.</summary>
internal sealed class BadRowList(string source)
{
    /// <summary>The maximum. With more, the options probably do not describe the input.</summary>
    public const int MaxRows = 1_000_000;

    private const int MaxPayloadLength = 10_000;

    private readonly List<BadRow> _rows = [];

    /// <summary>The bad rows.</summary>
    public IReadOnlyList<BadRow> Rows => _rows;

    /// <summary>Adds a bad row.</summary>
    /// <exception cref="OneRecException">There are more than <see cref="MaxRows"/> (exit 3).</exception>
    public void Add(BadRow row)
    {
        if (_rows.Count == MaxRows)
        {
            throw TooMany();
        }

        _rows.Add(row.Payload?.Length > MaxPayloadLength ? row with { Payload = row.Payload[..MaxPayloadLength] } : row);
    }

    /// <summary>Creates the error for too many bad rows.</summary>
    public OneRecException TooMany() => OneRecException.Input(
        "input.too-many-bad-rows",
        $"{source} has more than {MaxRows:N0} bad rows, such as: {_rows.FirstOrDefault()?.Reason ?? "rows that cannot be parsed"}; "
            + "check input.columns, input.types and input.timeUnit");
}

/// <summary>A row that cannot be read.</summary>
/// <param name="Source">The file; or the path of the source if its rows have no order.</param>
/// <param name="Row">Number of the record in the file, from 1; null if the rows have no order.</param>
/// <param name="Reason">What is wrong with the row.</param>
/// <param name="Payload">The record as CSV text, or its checked columns as JSON.</param>
public sealed record BadRow(string Source, long? Row, string Reason, string? Payload)
{
    /// <summary>Whether the whole record is malformed; otherwise one of its values cannot be read.</summary>
    public bool IsMalformed { get; init; }
}
