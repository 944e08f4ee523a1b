using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Delta;
using OneRec.Engine.Local.DuckDb;

namespace OneRec.Engine.Local;

/// <summary>SQL that reads the files of a snapshot: one SELECT per partition, with partition values as constants.</summary>
internal static class SnapshotSelect
{
    private static readonly DuckDbDialect Dialect = new();

    /// <summary>The SELECT of all rows, with columns in the order of the table.</summary>
    public static string Of(Snapshot snapshot) => Of(snapshot, snapshot.Files);

    /// <summary>The SELECT of the rows of some of its files.</summary>
    public static string Of(Snapshot snapshot, IEnumerable<AddFile> files) => Of(snapshot, files, snapshot.Schema);

    /// <summary>The SELECT of some columns of some files, cast to the given types.</summary>
    public static string Of(Snapshot snapshot, IEnumerable<AddFile> files, Schema columns)
    {
        string[] parts = [.. files
            .GroupBy(f => string.Join('/', snapshot.PartitionColumns.Select(c => f.PartitionValues.GetValueOrDefault(c) is { } v ? "=" + v : "")))
            .Select(group => Part(snapshot, [.. group], columns))];
        return parts.Length == 0 ? Nothing(columns) : string.Join(" UNION ALL ", parts);
    }

    private static string Part(Snapshot snapshot, AddFile[] files, Schema wanted)
    {
        IEnumerable<string> columns = wanted.FieldsList.Select(field =>
        {
            string name = Dialect.Name(field.Name);
            if (!snapshot.PartitionColumns.Contains(field.Name))
            {
                return $"CAST({name} AS {TypeOf(field.DataType)}) AS {name}";
            }

            string? value = files[0].PartitionValues.GetValueOrDefault(field.Name);
            string literal = value is null ? "NULL" : Dialect.Text(value);
            return $"CAST({literal} AS {TypeOf(field.DataType)}) AS {name}";
        });
        string paths = string.Join(", ", files.Select(f => Dialect.Text(snapshot.FullPath(f))));
        return $"SELECT {string.Join(", ", columns)} FROM read_parquet([{paths}], hive_partitioning = false, union_by_name = true)";
    }

    private static string Nothing(Schema schema)
    {
        IEnumerable<string> columns = schema.FieldsList.Select(
            f => $"CAST(NULL AS {TypeOf(f.DataType)}) AS {Dialect.Name(f.Name)}");
        return $"SELECT {string.Join(", ", columns)} WHERE false";
    }

    /// <summary>DuckDB's name for a type.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.schema</c>: the type is not supported.</exception>
    public static string TypeOf(IArrowType type) => type switch
    {
        StringType => "VARCHAR",
        Int64Type => "BIGINT",
        Int32Type => "INTEGER",
        Int16Type => "SMALLINT",
        Int8Type => "TINYINT",
        FloatType => "FLOAT",
        DoubleType => "DOUBLE",
        BooleanType => "BOOLEAN",
        Date32Type => "DATE",
        BinaryType => "BLOB",
        TimestampType { Timezone: null or "" } => "TIMESTAMP",
        TimestampType => "TIMESTAMPTZ",
        Decimal128Type d => $"DECIMAL({d.Precision},{d.Scale})",
        ListType list => TypeOf(list.ValueDataType) + "[]",
        _ => throw OneRecException.Table("delta.schema", $"columns of type {type.Name} are not supported; cast them to another type in the source"),
    };
}
