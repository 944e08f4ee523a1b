using OneRec.Csv.Types;

namespace OneRec.Csv.Columns;

/// <summary>A column to read.</summary>
/// <param name="Name">Its name in the batches.</param>
/// <param name="Header">Its name in the header, for messages.</param>
/// <param name="Field">0-based index of its field in a record; indexes from the header's length on refer to <see cref="OneRec.Csv.Files.CsvFile.Values"/>.</param>
/// <param name="Type">Type to read it as. If <see cref="Unit"/> is set, the column is BIGINT, microseconds since 1970.</param>
public sealed record CsvColumn(string Name, string Header, int Field, ColumnType Type)
{
    /// <summary>For a time column that is read as microseconds, the unit of its text; otherwise null.</summary>
    public InputTimeUnit? Unit { get; init; }

    /// <summary>Whether the user declares the type. A declared BIGINT is read from any text of a whole number: <c>0005</c>, <c>3.0</c>.</summary>
    public bool Declared { get; init; }

    /// <summary>If a value is required, what the column contains, for messages: <c>ids</c>; null: it may be empty.</summary>
    public string? Required { get; init; }

    /// <summary>
    /// The column of problems (<see cref="CsvRequest.Problem"/>) that says why a value cannot be read, 1 or more; null: such a
    /// value becomes null.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1: column 0 is for malformed records.</exception>
    public int? Check
    {
        get;
        init
        {
            if (value is { } check)
            {
                ArgumentOutOfRangeException.ThrowIfLessThan(check, 1, nameof(value));
            }

            field = value;
        }
    }

    /// <summary>The problem of a value that cannot be read.</summary>
    /// <param name="text">The value; null for an empty one.</param>
    internal string Problem(string? text) => text is null ? ValueProblems.Empty(Header, Required!)
        : Unit is { } unit ? ValueProblems.NotTime(Header, text, unit)
        : ValueProblems.NotOfType(Header, text, Type);
}
