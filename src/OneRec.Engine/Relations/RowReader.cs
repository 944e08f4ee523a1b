using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Engine.Relations;

/// <summary>Reads small results row by row. Large results are processed as batches instead.</summary>
public static class RowReader
{
    /// <summary>All rows as objects by column: long, int, double, float, string, bool, DateTimeOffset or null.</summary>
    public static List<object?[]> Read(IEnumerable<RecordBatch> batches)
    {
        var rows = new List<object?[]>();
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                {
                    var values = new object?[batch.ColumnCount];
                    for (int column = 0; column < values.Length; column++)
                    {
                        values[column] = Value(batch.Column(column), row);
                    }

                    rows.Add(values);
                }
            }
        }

        return rows;
    }

    /// <summary>One value; a list is returned as an array of values.</summary>
    public static object? Value(IArrowArray column, int row)
    {
        if (column.IsNull(row))
        {
            return null;
        }

        return column switch
        {
            Int64Array a => a.GetValue(row),
            Int32Array a => a.GetValue(row),
            Int16Array a => (int)a.GetValue(row)!.Value,
            DoubleArray a => a.GetValue(row),
            FloatArray a => a.GetValue(row),
            StringArray a => a.GetString(row),
            BinaryArray a => a.GetBytes(row).ToArray(),
            BooleanArray a => a.GetValue(row),
            TimestampArray a => a.GetTimestamp(row),
            Date32Array a => a.GetDateTimeOffset(row),
            Decimal128Array a => a.GetValue(row),
            ListArray a => Elements(a, row),
            _ => throw new ArgumentException($"no reader for {column.Data.DataType.Name}", nameof(column)),
        };
    }

    /// <summary>One batch from rows of objects; the schema gives the types.</summary>
    public static RecordBatch Build(Schema schema, IReadOnlyList<object?[]> rows)
    {
        var columns = new List<IArrowArray>(schema.FieldsList.Count);
        for (int column = 0; column < schema.FieldsList.Count; column++)
        {
            int c = column;
            columns.Add(Column(schema.GetFieldByIndex(column).DataType, rows.Select(r => r[c])));
        }

        return new RecordBatch(schema, columns, rows.Count);
    }

    private static object?[] Elements(ListArray list, int row)
    {
        IArrowArray values = list.Values;
        int start = list.ValueOffsets[row];
        return [.. Enumerable.Range(start, list.GetValueLength(row)).Select(i => Value(values, i))];
    }

    private static IArrowArray Column(IArrowType type, IEnumerable<object?> values)
    {
        switch (type)
        {
            case StringType:
                return values.Aggregate(new StringArray.Builder(), (b, v) => v is string s ? b.Append(s) : b.AppendNull()).Build();
            case Int64Type:
                return values.Aggregate(new Int64Array.Builder(), (b, v) => v is long n ? b.Append(n) : b.AppendNull()).Build();
            case Int32Type:
                return values.Aggregate(new Int32Array.Builder(), (b, v) => v is int n ? b.Append(n) : b.AppendNull()).Build();
            case DoubleType:
                return values.Aggregate(new DoubleArray.Builder(), (b, v) => v is double n ? b.Append(n) : b.AppendNull()).Build();
            case FloatType:
                return values.Aggregate(new FloatArray.Builder(), (b, v) => v is float n ? b.Append(n) : b.AppendNull()).Build();
            case BooleanType:
                return values.Aggregate(new BooleanArray.Builder(), (b, v) => v is bool n ? b.Append(n) : b.AppendNull()).Build();
            case TimestampType timestamp:
                return values.Aggregate(
                    new TimestampArray.Builder(timestamp),
                    (b, v) => v is DateTimeOffset t ? b.Append(t) : b.AppendNull()).Build();
            default:
                throw new ArgumentException($"no builder for {type.Name}", nameof(type));
        }
    }
}
