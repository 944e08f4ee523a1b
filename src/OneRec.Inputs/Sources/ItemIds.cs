using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;

namespace OneRec.Inputs.Sources;

/// <summary>The item ids of a source or table: their type, and for messages where they are.</summary>
/// <param name="Type">BIGINT or STRING.</param>
/// <param name="Where">The path of the source, or the table.</param>
public sealed record ItemIds(IArrowType Type, string Where)
{
    /// <summary>The source and its column of ids; null for a table, or if an expression gives the ids.</summary>
    internal (InputSource Source, string Column)? Column { get; init; }

    /// <summary>The SQL name of the type.</summary>
    public string TypeName => Type is Int64Type ? "BIGINT" : "STRING";

    /// <summary>The first values of a column of ids.</summary>
    /// <exception cref="OneRecException">The column is of no type for ids.</exception>
    internal static ItemIds Of(InputSource source, string column) => new(
        source.IdTypeOf(column) == ColumnType.BigInt ? Int64Type.Default : StringType.Default, source.Files.Root)
    {
        Column = (source, column),
    };

    /// <summary>Requires that two sources or tables have ids of the same type.</summary>
    /// <exception cref="OneRecException">They have not (exit 3). The message names a value that differs, and an option that helps.</exception>
    public static void RequireAlike(ItemIds ids, ItemIds others)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(others);
        if (ids.Type.TypeId == others.Type.TypeId)
        {
            return;
        }

        (string? example, string? cure) = ids.Type is StringType ? ids.Texts() : others.Texts();
        string note = example is null ? "" : $" ({example})";
        throw OneRecException.Input(
            "input.id-type",
            $"item ids are {ids.TypeName} in {ids.Where}{(ids.Type is StringType ? note : "")}, but {others.TypeName} in "
                + $"{others.Where}{(others.Type is StringType ? note : "")}; {cure ?? "declare one type for both in input.types"}");
    }

    /// <summary>Requires that table <c>items</c>, if it exists, has ids of the same type.</summary>
    /// <exception cref="OneRecException">It has not (exit 3).</exception>
    public static void RequireAlike(ItemIds ids, TableState? items)
    {
        if (items is not null)
        {
            RequireAlike(ids, new ItemIds(items.Schema.GetFieldByName("item_id").DataType, "table items"));
        }
    }

    /// <summary>A text that makes the ids STRING, and what to do; nulls if the texts are no numbers.</summary>
    private (string? Example, string? Cure) Texts()
    {
        if (Column is not { } column || column.Source.Column(column.Column).Declared)
        {
            return default;
        }

        string option = $"set input.types.{column.Column}=BIGINT";
        string[] values = [.. column.Source.Values(column.Column).Take(CsvSource.SampleRows)];
        string? first = values.FirstOrDefault(v => !TypePatterns.Fits(ColumnType.BigInt, v));
        if (first is not null && TypedText.TryWholeNumber(System.Text.Encoding.UTF8.GetBytes(first), out long number)
            && values.All(v => TypedText.TryWholeNumber(System.Text.Encoding.UTF8.GetBytes(v), out _)))
        {
            return ($"such as '{first}'", $"{option}, which reads '{first}' as {number}");
        }

        return column.Source.Sampled(column.Column).Strays(ColumnType.BigInt) is { AreMinority: true } strays
            ? ($"{column.Source.Place(strays.Place) ?? "a row"} has '{strays.First}'", $"{option}, so that such rows are bad rows")
            : default;
    }
}
