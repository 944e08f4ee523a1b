using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Csv.Types;

namespace OneRec.Csv.Columns;

/// <summary>Gathers the values of a column.</summary>
internal abstract class ColumnBuilder
{
    private byte[] _valid = new byte[128];

    /// <summary>Values so far.</summary>
    protected int Count { get; private set; }

    private int Nulls { get; set; }

    /// <summary>The builder of a column.</summary>
    public static ColumnBuilder Of(CsvColumn column) => (column.Unit, column.Type) switch
    {
        ({ } unit, _) => new FixedColumn<long, MicrosParser>(new MicrosParser(unit), Int64Type.Default),
        (_, ColumnType.BigInt) => new FixedColumn<long, BigIntParser>(default, Int64Type.Default),
        (_, ColumnType.Double) => new FixedColumn<double, DoubleParser>(default, DoubleType.Default),
        (_, ColumnType.Boolean) => new BooleanColumn(),
        (_, ColumnType.Date) => new FixedColumn<int, DateParser>(default, Date32Type.Default),
        (_, ColumnType.Timestamp) => new FixedColumn<long, MicrosParser>(
            new MicrosParser(InputTimeUnit.Timestamp), new TimestampType(TimeUnit.Microsecond, "UTC")),
        _ => new TextColumn(),
    };

    /// <summary>Adds a value, or null where the text is none of the type.</summary>
    /// <returns>Whether it is one.</returns>
    public bool Add(ReadOnlySpan<byte> text)
    {
        bool added = TryAdd(text);
        Next(added);
        return added;
    }

    /// <summary>Adds a null.</summary>
    public void AddNull()
    {
        AddNone();
        Next(isValid: false);
    }

    /// <summary>The column; begins anew.</summary>
    public IArrowArray Build()
    {
        ArrowBuffer valid = Nulls == 0 ? ArrowBuffer.Empty : Copy(_valid.AsSpan(0, (Count + 7) / 8));
        IArrowArray array = Build(Count, Nulls, valid);
        System.Array.Clear(_valid);
        (Count, Nulls) = (0, 0);
        return array;
    }

    /// <summary>Adds a value; where the text is none, any that stands for null.</summary>
    protected abstract bool TryAdd(ReadOnlySpan<byte> text);

    /// <summary>Adds any value that stands for null.</summary>
    protected abstract void AddNone();

    /// <summary>The column of the values so far; begins anew.</summary>
    protected abstract IArrowArray Build(int count, int nulls, ArrowBuffer valid);

    /// <summary>Memory that Arrow owns.</summary>
    internal static ArrowBuffer Copy(ReadOnlySpan<byte> bytes) => new ArrowBuffer.Builder<byte>(bytes.Length).Append(bytes).Build();

    /// <summary>Makes room for one more.</summary>
    protected static void Grow<T>(ref T[] values, int count)
    {
        if (count == values.Length)
        {
            System.Array.Resize(ref values, 2 * count);
        }
    }

    private void Next(bool isValid)
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
