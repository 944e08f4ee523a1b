using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Csv.Types;

namespace OneRec.Csv.Columns;

/// <summary>Builds an Arrow column value by value.</summary>
internal abstract class ColumnBuilder
{
    private byte[] _valid = new byte[128];

    /// <summary>Number of values so far.</summary>
    protected int Count { get; private set; }

    private int Nulls { get; set; }

    /// <summary>Creates the builder for a column.</summary>
    public static ColumnBuilder Of(CsvColumn column) => (column.Unit, column.Type) switch
    {
        ({ } unit, _) => new FixedColumn<long, MicrosParser>(new MicrosParser(unit), Int64Type.Default),
        (_, ColumnType.BigInt) when column.Declared =>
            new FixedColumn<long, WholeNumberParser>(default, Int64Type.Default),
        (_, ColumnType.BigInt) => new FixedColumn<long, BigIntParser>(default, Int64Type.Default),
        (_, ColumnType.Double) => new FixedColumn<double, DoubleParser>(default, DoubleType.Default),
        (_, ColumnType.Boolean) => new BooleanColumn(),
        (_, ColumnType.Date) => new FixedColumn<int, DateParser>(default, Date32Type.Default),
        (_, ColumnType.Timestamp) => new FixedColumn<long, MicrosParser>(
            new MicrosParser(InputTimeUnit.Timestamp), new TimestampType(TimeUnit.Microsecond, "UTC")),
        _ => new TextColumn(),
    };

    /// <summary>Adds a value, or null if the text is not a value of the type.</summary>
    /// <returns>Whether the text is a value of the type.</returns>
    public bool Add(ReadOnlySpan<byte> text)
    {
        bool added = TryAdd(text);
        SetValidity(added);
        return added;
    }

    /// <summary>Adds a null.</summary>
    public void AddNull()
    {
        AddPlaceholder();
        SetValidity(isValid: false);
    }

    /// <summary>Returns the column and resets the builder.</summary>
    public IArrowArray Build()
    {
        ArrowBuffer valid = Nulls == 0 ? ArrowBuffer.Empty : Copy(_valid.AsSpan(0, (Count + 7) / 8));
        IArrowArray array = Build(Count, Nulls, valid);
        System.Array.Clear(_valid);
        (Count, Nulls) = (0, 0);
        return array;
    }

    /// <summary>Adds a value, or a placeholder if the text is not a value of the type.</summary>
    protected abstract bool TryAdd(ReadOnlySpan<byte> text);

    /// <summary>Adds a placeholder at the position of a null.</summary>
    protected abstract void AddPlaceholder();

    /// <summary>Returns the column of the values so far and resets the values.</summary>
    protected abstract IArrowArray Build(int count, int nulls, ArrowBuffer valid);

    /// <summary>Copies bytes into memory that Arrow owns.</summary>
    internal static ArrowBuffer Copy(ReadOnlySpan<byte> bytes) => new ArrowBuffer.Builder<byte>(bytes.Length).Append(bytes).Build();

    /// <summary>Doubles an array if it is full.</summary>
    protected static void Grow<T>(ref T[] values, int count)
    {
        if (count == values.Length)
        {
            System.Array.Resize(ref values, 2 * count);
        }
    }

    private void SetValidity(bool isValid)
    {
        int place = Count >> 3;
        Grow(ref _valid, place);
        if (isValid)
        {
            _valid[place] |= (byte)(1 << (Count & 7));
        }
        else
        {
            Nulls++;
        }

        Count++;
    }
}
