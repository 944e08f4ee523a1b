using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Excludes files that cannot contain a row whose columns equal given values.</summary>
internal sealed class EqualityFilter
{
    private readonly TableFiles _files;
    private readonly (Field Field, object? Value, bool IsPartition)[] _equal;

    public EqualityFilter(TableFiles files, IReadOnlyList<(string Column, object? Value)> equal)
    {
        _files = files;
        _equal = [.. equal.Select(e =>
        {
            Field field = files.Schema.FieldsList.FirstOrDefault(f => f.Name == e.Column)
                ?? throw new ArgumentException($"{files.Folder} has no column '{e.Column}'", nameof(equal));
            return (field, Normal(e.Value, field), files.PartitionColumns.Contains(e.Column));
        })];
    }

    public bool MayMatch(AddFile file)
    {
        FileStatistics? statistics = null;
        bool read = false;
        foreach ((Field field, object? value, bool isPartition) in _equal)
        {
            if (isPartition)
            {
                object? there = _files.PartitionValueOf(file, field);
                if (value is null ? there is not null : there is null || Compare(there, value) != 0)
                {
                    return false;
                }

                continue;
            }

            if (!read)
            {
                (statistics, read) = (_files.StatisticsOf(file), true);
            }

            if (statistics?.Columns.GetValueOrDefault(field.Name) is { } column && Excludes(column, value, statistics))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Excludes(ColumnStatistics column, object? value, FileStatistics file)
    {
        if (value is null)
        {
            return column.NullCount == 0;
        }

        // Bounds do not cover NaN.
        if (value is double.NaN)
        {
            return false;
        }

        return (file.NumRecords is { } rows && column.NullCount == rows)
            || (column.Min is not null && Compare(value, column.Min) < 0)
            || (column.Max is not null && Compare(value, column.Max) > 0);
    }

    private static int Compare(object a, object b) => (a, b) switch
    {
        // Engines order text in a table by its UTF-8 bytes.
        (string x, string y) => CompareUtf8(x, y),
        (double x, double y) => x == y ? 0 : x.CompareTo(y),
        (IComparable x, _) => x.CompareTo(b),
        _ => throw new ArgumentException($"{a.GetType().Name} values cannot be ordered"),
    };

    private static int CompareUtf8(string x, string y) =>
        System.Text.Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(System.Text.Encoding.UTF8.GetBytes(y));

    private static object? Normal(object? value, Field field) => (field.DataType, value) switch
    {
        (_, null) => null,
        (Int8Type or Int16Type or Int32Type or Int64Type, sbyte or byte or short or ushort or int or uint or long) =>
            Convert.ToInt64(value),
        (FloatType or DoubleType, float or double) => Convert.ToDouble(value),
        (StringType, string) or (BooleanType, bool) or (Date32Type, DateOnly) or (TimestampType, DateTimeOffset)
            or (Decimal128Type, decimal) => value,
        _ => throw new ArgumentException(
            $"column '{field.Name}' has type {DeltaSchema.NameOf(field.DataType)}, but the value is a {value.GetType().Name}"),
    };
}
