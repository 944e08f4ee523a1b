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

    /// <summary>
    /// The SELECT of all rows, without columns of types that SQL cannot read: they are never ours, and are left alone.
    /// </summary>
    public static string OfTable(Snapshot snapshot) => Of(
        snapshot, snapshot.Files, new Schema(snapshot.Schema.FieldsList.Where(f => Name(f.DataType) is not null), null));

    /// <summary>The SELECT of the rows of some of its files.</summary>
    public static string Of(Snapshot snapshot, IEnumerable<AddFile> files) => Of(snapshot, files, snapshot.Schema);

    /// <summary>The SELECT of some columns of some files, cast to the given types.</summary>
    /// <exception cref="OneRecException">
    /// Table error: a file lies outside the table, is missing or damaged, or lacks a column or has it as another type.
    /// </exception>
    public static string Of(Snapshot snapshot, IEnumerable<AddFile> files, Schema columns)
    {
        string[] stored = [.. columns.FieldsList.Select(f => f.Name).Where(c => !snapshot.PartitionColumns.Contains(c))];
        string[] parts = [.. files
            .Select(file => new FilePart(file, [.. snapshot.NamesIn(file, stored)]))
            .GroupBy(part => part.Key(snapshot.PartitionColumns), StringComparer.Ordinal)
            .Select(group => Part(snapshot, [.. group], columns, stored))];
        return parts.Length == 0 ? Nothing(columns) : string.Join(" UNION ALL ", parts);
    }

    // Files with the same partition values and the same columns.
    private static string Part(Snapshot snapshot, FilePart[] files, Schema wanted, string[] stored)
    {
        IEnumerable<string> columns = wanted.FieldsList.Select(field =>
        {
            int at = System.Array.IndexOf(stored, field.Name);
            string? value = files[0].File.PartitionValues.GetValueOrDefault(field.Name);
            string expression = at >= 0
                ? files[0].Names[at] is { } there ? Dialect.Name(there) : "NULL"
                : value is null ? "NULL" : Dialect.Text(value);
            return $"CAST({expression} AS {TypeOf(field.DataType)}) AS {Dialect.Name(field.Name)}";
        });
        string paths = DuckDbPaths.List(files.Select(f => snapshot.FullPath(f.File)));
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
    public static string TypeOf(IArrowType type) => Name(type) ?? throw OneRecException.Table(
        "delta.schema", $"columns of type {type.Name} are not supported; cast them to another type in the source");

    private static string? Name(IArrowType type) => type switch
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
        ListType list => Name(list.ValueDataType) is { } element ? element + "[]" : null,
        _ => null,
    };

    /// <summary>A file and what it calls the table's columns; null for a column that it was written without.</summary>
    private readonly record struct FilePart(AddFile File, string?[] Names)
    {
        // The lengths make the key unambiguous for any texts.
        public string Key(IEnumerable<string> partitionColumns)
        {
            AddFile file = File;
            return string.Concat(partitionColumns.Select(c => file.PartitionValues.GetValueOrDefault(c))
                .Concat(Names)
                .Select(v => v is null ? "-" : $"{v.Length}:{v}"));
        }
    }
}
