using System.Text;
using OneRec.Csv.Types;

namespace OneRec.Inputs.Columns;

/// <summary>A column whose values decide whether a row can be read.</summary>
/// <param name="Column">The column.</param>
/// <param name="Type">The type that a value must have; null: any.</param>
/// <param name="Required">What the column holds where there must be a value, for messages: <c>ids</c>; null: it may be null.</param>
/// <param name="Unit">Of a column of times that is read as microseconds, what it holds; else null.</param>
internal sealed record ReadColumn(SourceColumn Column, ColumnType? Type, string? Required = null, InputTimeUnit? Unit = null)
{
    /// <summary>Columns of one group are told together; what is wrong with one of group 0 spoils the row for all.</summary>
    public int Group { get; init; }

    /// <summary>What is wrong with a value as the source has it; null where nothing is seen.</summary>
    /// <param name="raw">The text; null for null, and for a value that has no text.</param>
    public string? Problem(string? raw)
    {
        string name = Column.Name;
        if (raw is null)
        {
            // A time of the files' own type has no text: what is wrong with it is that it is out of range, or null.
            return Required is null ? null
                : Unit is not null && ColumnTypes.Of(Column.Native) == ColumnType.Timestamp
                    ? $"column '{name}' has no time between the years 1 and 9999"
                    : ColumnWords.Empty(name, Required);
        }

        byte[] text = Encoding.UTF8.GetBytes(raw);
        if (Unit is { } unit)
        {
            return TypedText.TryMicros(text, unit, out _) ? null : ColumnWords.NoTime(name, raw, unit);
        }

        return Type is not { } type || TypedText.Fits(type, text) ? null : ColumnWords.Misfit(name, raw, type);
    }
}
