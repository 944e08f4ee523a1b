using System.Text;
using Apache.Arrow.Types;
using OneRec.Csv.Types;

namespace OneRec.Inputs.Columns;

/// <summary>A column that is checked: a row with an invalid value is a bad row.</summary>
/// <param name="Column">The column.</param>
/// <param name="Type">The required type of the values; null: any.</param>
/// <param name="Required">If a value is required, what the column contains, for messages: <c>ids</c>; null: it may be null.</param>
/// <param name="Unit">For a time column that is read as microseconds, its unit; otherwise null.</param>
internal sealed record ReadColumn(SourceColumn Column, ColumnType? Type, string? Required = null, InputTimeUnit? Unit = null)
{
    /// <summary>Columns of a group are reported together. An invalid value in group 0 makes the row bad for every reader.</summary>
    public int Group { get; init; }

    /// <summary>The problem of a value as written in the source; null if there is none.</summary>
    /// <param name="raw">The text; null for null and for a value of a type without a text.</param>
    public string? Problem(string? raw)
    {
        string name = Column.Name;
        if (raw is null)
        {
            // A time in a native type has no text: it is null or out of range.
            return Required is null ? null
                : Unit is not null && Column.Native is not (StringType or Int64Type or Date32Type)
                    ? $"column '{name}' has no time in the years 1 to 9999"
                    : ValueProblems.Empty(name, Required);
        }

        byte[] text = Encoding.UTF8.GetBytes(raw);
        if (Unit is { } unit)
        {
            return TypedText.TryMicros(text, unit, out _) ? null : ValueProblems.NotTime(name, raw, unit);
        }

        bool fits = Type is not { } type || TypedText.Fits(type, text)
            || (type == ColumnType.BigInt && Column.Declared && TypedText.TryWholeNumber(text, out _));
        return fits ? null : ValueProblems.NotOfType(name, raw, Type!.Value);
    }
}
