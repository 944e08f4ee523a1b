using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>What a table is to look like: created so where it is not there, else required to fit.</summary>
/// <param name="Schema">Columns in order, partition columns included.</param>
/// <param name="PartitionColumns">Names, in the order of the folders.</param>
/// <param name="Configuration">Table properties set at creation; not compared later.</param>
public sealed record TableShape(
    Schema Schema,
    IReadOnlyList<string> PartitionColumns,
    IReadOnlyDictionary<string, string> Configuration)
{
    // ParquetSchemaConverter of Spark: column names that it refuses to read.
    private static readonly System.Buffers.SearchValues<char> RefusedInNames =
        System.Buffers.SearchValues.Create(" ,;{}()\n\t=");

    /// <summary>Refuses a table whose columns differ in name, type or nullability (order aside), or its partitions.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.shape</c>, naming the first column that differs.</exception>
    public void RequireFit(Snapshot snapshot)
    {
        string where = $"{snapshot.Table.Folder} version {snapshot.Version}";
        const string Cure = "use another table folder, or rewrite the table";
        foreach (Field wanted in Schema.FieldsList)
        {
            if (snapshot.Schema.FieldsList.FirstOrDefault(f => f.Name == wanted.Name) is not { } there)
            {
                throw OneRecException.Table("delta.shape", $"{where} lacks column '{wanted.Name}'; {Cure}");
            }

            (string has, string wants) = (Describe(there), Describe(wanted));
            if (has != wants)
            {
                throw OneRecException.Table(
                    "delta.shape", $"{where} has column '{wanted.Name}' as {has}, needed is {wants}; {Cure}");
            }
        }

        if (snapshot.Schema.FieldsList.FirstOrDefault(f => !Schema.FieldsList.Any(w => w.Name == f.Name)) is { } extra)
        {
            throw OneRecException.Table("delta.shape", $"{where} has a column '{extra.Name}' that is not expected; {Cure}");
        }

        if (!PartitionColumns.SequenceEqual(snapshot.PartitionColumns))
        {
            throw OneRecException.Table(
                "delta.shape",
                $"{where} is partitioned by ({string.Join(", ", snapshot.PartitionColumns)}), needed is "
                + $"({string.Join(", ", PartitionColumns)}); {Cure}");
        }
    }

    /// <summary>Refuses a shape that no table of protocol 1/2 can have.</summary>
    /// <exception cref="OneRecException">Table error <c>delta.schema</c>, naming the column.</exception>
    internal void RequireSound(string table)
    {
        DeltaSchema.Write(Schema);
        foreach (Field field in Schema.FieldsList)
        {
            if (Schema.FieldsList.Any(f => f != field && f.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase)))
            {
                throw Unsound(field.Name, "appears twice (case aside)");
            }

            if (field.Name.Length == 0 || field.Name.AsSpan().ContainsAny(RefusedInNames))
            {
                throw Unsound(field.Name, "has a name that Parquet readers refuse (one of ' ,;{}()=', tab, line end)");
            }

            if (DeltaSchema.NameOf(field.DataType)!.Contains("timestamp_ntz", StringComparison.Ordinal))
            {
                throw Unsound(field.Name, "is a timestamp without a zone, which needs 'timestampNtz'; give it the zone UTC");
            }
        }

        foreach (string column in PartitionColumns)
        {
            if (Schema.FieldsList.FirstOrDefault(f => f.Name == column) is not { } field
                || field.DataType is NestedType or FloatType or DoubleType or BinaryType or Decimal128Type)
            {
                throw Unsound(column, "cannot be a partition column: it must be there and hold text, whole numbers, "
                    + "booleans, dates or times");
            }
        }

        if (PartitionColumns.Count == Schema.FieldsList.Count)
        {
            throw OneRecException.Table("delta.schema", $"{table}: all columns are partition columns; one must not be");
        }

        OneRecException Unsound(string column, string what) =>
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
