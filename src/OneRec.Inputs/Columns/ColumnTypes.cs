using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;

namespace OneRec.Inputs.Columns;

/// <summary>Types of files' columns: which ones are read, and as what.</summary>
internal static class ColumnTypes
{
    /// <summary>The type that a column is read as; null where it is none that is read.</summary>
    /// <remarks>Narrower numbers widen, FLOAT becomes DOUBLE, every time is an instant of microseconds.</remarks>
    public static IArrowType? Native(IArrowType type) => type switch
    {
        DictionaryType dictionary => Native(dictionary.ValueType),
        StringType or LargeStringType or StringViewType => StringType.Default,
        Int8Type or Int16Type or Int32Type or Int64Type or UInt8Type or UInt16Type or UInt32Type => Int64Type.Default,
        FloatType or DoubleType => DoubleType.Default,
        BooleanType => BooleanType.Default,
        Date32Type => Date32Type.Default,
        TimestampType => ArrowTypes.Utc,
        Decimal128Type d => new Decimal128Type(d.Precision, d.Scale),
        BinaryType or LargeBinaryType or BinaryViewType => BinaryType.Default,
        ListType list => List(list.ValueDataType),
        LargeListType list => List(list.ValueDataType),
        _ => null,
    };

    /// <summary>The type by which options name it; null for decimals, binaries and lists.</summary>
    public static ColumnType? Of(IArrowType native) => native switch
    {
        StringType => ColumnType.Text,
        Int64Type => ColumnType.BigInt,
        DoubleType => ColumnType.Double,
        BooleanType => ColumnType.Boolean,
        Date32Type => ColumnType.Date,
        TimestampType => ColumnType.Timestamp,
        _ => null,
    };

    /// <summary>How SQL and messages write a type.</summary>
    public static string Name(IArrowType type) => type switch
    {
        Decimal128Type d => $"DECIMAL({d.Precision},{d.Scale})",
        BinaryType => "BINARY",
        ListType list => $"ARRAY<{Name(list.ValueDataType)}>",
        Int32Type => "INT",
        FloatType => "FLOAT",
        _ => Of(type) is { } named ? ColumnWords.Name(named) : type.Name.ToUpperInvariant(),
    };

    /// <summary>Checks that a declared type is one that a file's column can be read as.</summary>
    /// <exception cref="OneRecException">It is not (exit 2).</exception>
    public static void RequireFit(string column, IArrowType native, ColumnType declared, string file)
    {
        bool fits = (native, declared) switch
        {
            (StringType, _) => true,
            (Int64Type, ColumnType.BigInt or ColumnType.Text or ColumnType.Double) => true,
            (Date32Type, ColumnType.Date or ColumnType.Timestamp) => true,
            _ => Of(native) == declared,
        };
        if (!fits)
        {
            throw OneRecException.Configuration(
                "input.types",
                $"input.types.{column} is {ColumnWords.Name(declared)}, but {file} has {Name(native)}, which is not read as such; "
                    + "leave it out, or write the column anew");
        }
    }

    private static ListType? List(IArrowType element) =>
        Native(element) is { } native and not ListType ? new ListType(new Field("element", native, nullable: true)) : null;
}

/// <summary>A column of an input.</summary>
/// <param name="Name">Its name, exactly.</param>
/// <param name="Native">The type that the engine reads it as: STRING of CSV and of folders' names, else that of the files.</param>
/// <param name="Type">The type that it is taken for: declared, or inferred, or the files'; null where it has no name in options.</param>
/// <param name="Declared">Whether the options say so.</param>
/// <param name="TimeUnit">What its texts hold where they are times; null where they are none.</param>
public sealed record SourceColumn(string Name, IArrowType Native, ColumnType? Type, bool Declared, InputTimeUnit? TimeUnit)
{
    /// <summary>Of a column of texts, the first of the few that keep it from being BIGINT; null where they are many.</summary>
    public string? AlmostBigInt { get; init; }
}
