using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Types;

namespace OneRec.Inputs.Columns;

/// <summary>The column types that can be read from files, and what they are read as.</summary>
internal static class ColumnTypes
{
    /// <summary>The type that a column is read as; null if it cannot be read.</summary>
    /// <remarks>
    /// Integers and decimals without a fraction become BIGINT (one that does not fit is an error of the read), FLOAT becomes
    /// DOUBLE, and every time becomes an instant in microseconds.
    /// </remarks>
    public static IArrowType? Native(IArrowType type) => type switch
    {
        DictionaryType dictionary => Native(dictionary.ValueType),
        StringType or LargeStringType or StringViewType => StringType.Default,
        Int8Type or Int16Type or Int32Type or Int64Type or UInt8Type or UInt16Type or UInt32Type or UInt64Type => Int64Type.Default,
        Decimal128Type { Scale: 0 } => Int64Type.Default,
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

    /// <summary>The type's name in options; null for decimals, binaries and lists.</summary>
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

    /// <summary>The name of a type in SQL and messages.</summary>
    public static string Name(IArrowType type) => type switch
    {
        Decimal128Type d => $"DECIMAL({d.Precision},{d.Scale})",
        BinaryType => "BINARY",
        ListType list => $"ARRAY<{Name(list.ValueDataType)}>",
        Int32Type => "INT",
        FloatType => "FLOAT",
        _ => Of(type) is { } named ? named.SqlName() : type.Name.ToUpperInvariant(),
    };

    /// <summary>Checks that a file's column can be read as its declared type.</summary>
    /// <exception cref="OneRecException">It cannot (exit 2).</exception>
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
                $"input.types.{column} is {declared.SqlName()}, but {file} has {Name(native)}, which cannot be read as that; "
                    + "remove the option, or rewrite the column");
        }
    }

    private static ListType? List(IArrowType element) =>
        Native(element) is { } native and not ListType ? new ListType(new Field("element", native, nullable: true)) : null;
}

/// <summary>A column of an input.</summary>
/// <param name="Name">Its exact name.</param>
/// <param name="Native">The type that the engine reads: STRING for CSV and folder names, otherwise the type in the files.</param>
/// <param name="Type">Its type: declared, inferred, or from the files; null if options have no name for it.</param>
/// <param name="Declared">Whether the options declare the type.</param>
public sealed record SourceColumn(string Name, IArrowType Native, ColumnType? Type, bool Declared)
{
    /// <summary>What its first texts are, if its type was inferred from them; otherwise null.</summary>
    public TypeInference? Texts { get; init; }
}
