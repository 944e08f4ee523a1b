using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>Splits batches with a table's exact columns by the values of its partition columns.</summary>
internal sealed class PartitionSplitter
{
    private const long UnixEpochTicks = 621_355_968_000_000_000;
    private const int LastDay = 3_652_058;
    private const long FirstTime = -62_135_596_800_000_000;
    private const long LastTime = 253_402_300_799_999_999;

    private readonly string _table;
    private readonly string[] _names;
    private readonly int[] _columns;
    private long _rows;

    public PartitionSplitter(string table, Schema schema, IReadOnlyList<string> partitionColumns)
    {
        _table = table;
        _names = [.. partitionColumns];
        _columns = [.. partitionColumns.Select(name => schema.GetFieldIndex(name))];
    }

    /// <summary>The batch by partition, in order of first appearance; rows keep their order.</summary>
    public IEnumerable<PartitionRows> Split(IReadOnlyList<ArrayData> columns, int rows)
    {
        if (_columns.Length == 0)
        {
            yield return new PartitionRows(
                "", "", new Dictionary<string, string?>(), [.. columns.Select(c => c.SliceShared(0, rows))], rows);
            yield break;
        }

        var groups = new Dictionary<string, (string?[] Values, List<int> Rows)>(StringComparer.Ordinal);
        var order = new List<(string Key, string?[] Values, List<int> Rows)>();
        var texts = new string?[_columns.Length][];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = Texts(columns[_columns[i]], rows, _names[i]);
        }

        var key = new StringBuilder();
        for (int row = 0; row < rows; row++)
        {
            key.Clear();
            foreach (string?[] text in texts)
            {
                key.Append(text[row]?.Length ?? -1).Append(':').Append(text[row]);
            }

            string found = key.ToString();
            if (!groups.TryGetValue(found, out (string?[] Values, List<int> Rows) group))
            {
                int at = row;
                group = ([.. texts.Select(t => t[at])], []);
                groups.Add(found, group);
                order.Add((found, group.Values, group.Rows));
            }

            group.Rows.Add(row);
        }

        _rows += rows;
        foreach ((string name, string?[] values, List<int> picked) in order)
        {
            bool run = picked[^1] - picked[0] == picked.Count - 1;
            int[] indices = run ? [] : [.. picked];
            yield return new PartitionRows(
                name,
                PartitionFolder.Of(_names.Zip(values)),
                _names.Zip(values).ToDictionary(v => v.First, v => v.Second, StringComparer.Ordinal),
                [.. columns.Select(c => run ? c.SliceShared(picked[0], picked.Count) : ColumnGather.Take(c, indices))],
                picked.Count);
        }
    }

    private string?[] Texts(ArrayData data, int rows, string column)
    {
        string?[] texts = new string?[rows];
        string? last = null;
        object? lastValue = null;
        for (int row = 0; row < rows; row++)
        {
            if (!Buffers.IsValid(data, row))
            {
                continue;
            }

            try
            {
                object value = Value(data, row);
                if (last is null || !value.Equals(lastValue))
                {
                    (last, lastValue) = (PartitionValue.Write(value), value);
                }
            }
            catch (ArgumentException e)
            {
                throw OneRecException.Input(
                    "delta.partition-value",
                    $"{_table}: partition column '{column}' row {_rows + row} (from 0): {e.Message}", e);
            }

            texts[row] = last;
        }

        return texts;
    }

    private static object Value(ArrayData data, int row) => data.DataType switch
    {
        StringType => Text(data, row),
        Int8Type => (long)Buffers.Values<sbyte>(data)[row],
        Int16Type => (long)Buffers.Values<short>(data)[row],
        Int32Type => (long)Buffers.Values<int>(data)[row],
        Int64Type => Buffers.Values<long>(data)[row],
        BooleanType => BitUtility.GetBit(data.Buffers[1].Span, data.Offset + row),
        Date32Type => Day(Buffers.Values<int>(data)[row] + 719_162L),
        TimestampType => Time(Buffers.Values<long>(data)[row]),
        _ => throw new ArgumentException(
            string.Create(CultureInfo.InvariantCulture, $"a column of type {data.DataType.Name} cannot be a partition column")),
    };

    private static DateOnly Day(long number) => number is >= 0 and <= LastDay
        ? DateOnly.FromDayNumber((int)number)
        : throw new ArgumentException("a date outside the years 1 to 9999 cannot be written as text");

    private static DateTimeOffset Time(long microseconds) => microseconds is >= FirstTime and <= LastTime
        ? new DateTimeOffset(UnixEpochTicks + (microseconds * TimeSpan.TicksPerMicrosecond), TimeSpan.Zero)
        : throw new ArgumentException("a time outside the years 1 to 9999 cannot be written as text");

    private static string Text(ArrayData data, int row)
    {
        ReadOnlySpan<int> offsets = Buffers.Offsets<int>(data);
        ReadOnlySpan<byte> bytes = data.Buffers[2].Span[offsets[row]..offsets[row + 1]];
        return Utf8.IsValid(bytes)
            ? Encoding.UTF8.GetString(bytes)
            : throw new ArgumentException("text that is not valid UTF-8 cannot be written to the log");
    }
}

/// <summary>The rows of a batch that belong to one partition.</summary>
/// <param name="Key">A text that identifies the partition.</param>
/// <param name="Folder">Relative to the table's folder; empty without partition columns.</param>
/// <param name="Values">The text of each partition column's value.</param>
/// <param name="Columns">All columns of the table, to be disposed.</param>
/// <param name="Rows">Number of rows.</param>
internal sealed record PartitionRows(
    string Key,
    string Folder,
    IReadOnlyDictionary<string, string?> Values,
    IReadOnlyList<ArrayData> Columns,
    int Rows);
