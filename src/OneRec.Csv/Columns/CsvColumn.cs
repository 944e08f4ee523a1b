using OneRec.Csv.Types;

namespace OneRec.Csv.Columns;

/// <summary>A column to be read.</summary>
/// <param name="Name">Its name in the batches.</param>
/// <param name="Header">Its name in the header, for messages.</param>
/// <param name="Field">Its 0-based place in a record; from the header's length on, the values that are the same for a whole file.</param>
/// <param name="Type">What it is read as; with <see cref="Unit"/> BIGINT, microseconds since 1970.</param>
public sealed record CsvColumn(string Name, string Header, int Field, ColumnType Type)
{
    /// <summary>Of a column of times that is read as microseconds, what it holds; else null.</summary>
    public InputTimeUnit? Unit { get; init; }

    /// <summary>What it holds where there must be a value: <c>ids</c>; null: it may be empty.</summary>
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

    /// <summary>What is wrong with a value that is not read.</summary>
    /// <param name="text">The value; null for an empty one.</param>
    internal string Problem(string? text) => text is null ? ColumnWords.Empty(Header, Required!)
        : Unit is { } unit ? ColumnWords.NoTime(Header, text, unit)
        : ColumnWords.Misfit(Header, text, Type);
}
