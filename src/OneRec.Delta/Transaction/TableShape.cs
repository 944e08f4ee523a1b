using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>The expected shape of a table: a new table is created with it, an existing one must match it.</summary>
/// <param name="Schema">Columns in order, partition columns included. Times are microseconds with the zone <c>UTC</c>.</param>
/// <param name="PartitionColumns">Names, in the order of the folder levels.</param>
/// <param name="Configuration">Table properties set at creation; not compared later.</param>
public sealed record TableShape(
    Schema Schema,
    IReadOnlyList<string> PartitionColumns,
    IReadOnlyDictionary<string, string> Configuration)
{
    // Spark's ParquetSchemaConverter rejects column names with these characters.
    private static readonly System.Buffers.SearchValues<char> RefusedInNames =
        System.Buffers.SearchValues.Create(" ,;{}()\n\t=");

    /// <summary>Requires the same columns (name, type, nullability; in any order) and the same partition columns.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.shape</c>, naming the first column that differs.</exception>
    public void RequireFit(Snapshot snapshot)
    {
        string where = $"{snapshot.Folder} version {snapshot.Version}";
        const string Advice = "use another table folder, or rewrite the table";
        foreach (Field wanted in Schema.FieldsList)
        {
            if (snapshot.Schema.FieldsList.FirstOrDefault(f => f.Name == wanted.Name) is not { } there)
            {
                throw OneRecException.Table("delta.shape", $"{where} has no column '{wanted.Name}'; {Advice}");
            }

            (string has, string wants) = (Describe(there), Describe(wanted));
            if (has != wants)
            {
                throw OneRecException.Table(
                    "delta.shape", $"{where} has column '{wanted.Name}' as {has}, but {wants} is needed; {Advice}");
            }
        }

        if (snapshot.Schema.FieldsList.FirstOrDefault(f => !Schema.FieldsList.Any(w => w.Name == f.Name)) is { } extra)
        {
            throw OneRecException.Table("delta.shape", $"{where} has an unexpected column '{extra.Name}'; {Advice}");
        }

        if (!PartitionColumns.SequenceEqual(snapshot.PartitionColumns))
        {
            throw OneRecException.Table(
                "delta.shape",
                $"{where} is partitioned by ({string.Join(", ", snapshot.PartitionColumns)}), but it must be partitioned by "
                + $"({string.Join(", ", PartitionColumns)}); {Advice}");
        }
    }

    /// <summary>Rejects a shape that a table of protocol 1/2 cannot have.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.schema</c>, naming the column.</exception>
    internal void RequireValid(string table)
    {
        DeltaSchema.Write(Schema);
        foreach (Field field in Schema.FieldsList)
        {
            if (Schema.FieldsList.Any(f => f != field && f.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase)))
            {
                throw Invalid(field.Name, "is a duplicate (ignoring case)");
            }

            if (field.Name.Length == 0 || field.Name.AsSpan().ContainsAny(RefusedInNames))
            {
                throw Invalid(field.Name, "has a name that Parquet readers reject (one of ' ,;{}()=', tab, newline)");
            }

            if (DeltaSchema.NameOf(field.DataType)!.Contains("timestamp_ntz", StringComparison.Ordinal))
            {
                throw Invalid(field.Name, "is a timestamp without a zone, which needs 'timestampNtz'; use the zone UTC");
            }
        }

        foreach (string column in PartitionColumns)
        {
            if (Schema.FieldsList.FirstOrDefault(f => f.Name == column) is not { } field
                || field.DataType is NestedType or FloatType or DoubleType or BinaryType or Decimal128Type)
            {
                throw Invalid(column, "cannot be a partition column: it must exist and contain text, integers, "
                    + "booleans, dates or times");
            }
        }

        if (PartitionColumns.Count == Schema.FieldsList.Count)
        {
            throw OneRecException.Table("delta.schema", $"{table}: all columns are partition columns; at least one must not be");
        }

        OneRecException Invalid(string column, string what) =>
            OneRecException.Table("delta.schema", $"{table}: column '{column}' {what}");
    }

    private static string Describe(Field field) =>
        Describe(field.DataType) + (field.IsNullable ? "" : " not null");

    private static string Describe(IArrowType type) => type switch
    {
        ListType list => $"array<{Describe(list.ValueField)}>",
        MapType map => $"map<{Describe(map.KeyField)}, {Describe(map.ValueField)}>",
        StructType s => $"struct<{string.Join(", ", s.Fields.Select(f => f.Name + ": " + Describe(f)))}>",
        _ => DeltaSchema.NameOf(type) ?? type.Name,
    };
}
