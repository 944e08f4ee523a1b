using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Delta.Tests;

/// <summary>Arrays of drawn values, edge values among them.</summary>
internal static class Cells
{
    private static readonly string[] EdgeTexts =
        ["", "a", "Z", "日本", "é", "\U0001F600", "line\nend", "quote\"", "back\\slash", new('x', 40), "\uffff", "\U0010FFFF" + new string('y', 50)];

    private static readonly double[] EdgeReals =
        [0, -0.0, 1, -1, double.MaxValue, double.MinValue, double.Epsilon, 0.1, double.PositiveInfinity, double.NegativeInfinity, 1e15, 1e16, 1e22];

    private static readonly long[] EdgeWholes = [0, 1, -1, long.MaxValue, long.MinValue, int.MaxValue, int.MinValue, 1_000];

    /// <summary>An array of a type that we write, of <paramref name="n"/> values.</summary>
    public static IArrowArray Build(IArrowType type, int n, ref SplitMix64 random, double nullShare)
    {
        bool[] valid = new bool[n];
        for (int i = 0; i < n; i++)
        {
            valid[i] = random.NextDouble() >= nullShare;
        }

        switch (type)
        {
            case ListType list:
                return Lists(list, valid, ref random, list.ValueField.IsNullable ? nullShare : 0);
            case StructType s:
                var fields = new List<IArrowArray>();
                foreach (Field field in s.Fields)
                {
                    fields.Add(Build(field.DataType, n, ref random, field.IsNullable ? nullShare : 0));
                }

                return new StructArray(s, n, fields, Bits(valid), valid.Count(v => !v));
            case StringType:
                var texts = new StringArray.Builder();
                for (int i = 0; i < n; i++)
                {
                    texts.Append(valid[i] ? Text(ref random) : null);
                }

                return texts.Build();
            case BinaryType:
                var bytes = new BinaryArray.Builder();
                for (int i = 0; i < n; i++)
                {
                    string text = Text(ref random);
                    _ = valid[i] ? bytes.Append(Encoding.Unicode.GetBytes(text).AsSpan()) : bytes.AppendNull();
                }

                return bytes.Build();
            case BooleanType:
                var flags = new BooleanArray.Builder();
                for (int i = 0; i < n; i++)
                {
                    _ = valid[i] ? flags.Append(random.NextBelow(2) == 1) : flags.AppendNull();
                }

                return flags.Build();
            default:
                return Fixed(type, valid, ref random);
        }
    }

    private static string Text(ref SplitMix64 random)
    {
        if (random.NextBelow(2) == 0)
        {
            return EdgeTexts[random.NextBelow(EdgeTexts.Length)];
        }

        var text = new StringBuilder();
        for (long k = random.NextBelow(45); k > 0; k--)
        {
            text.Append((char)('a' + random.NextBelow(3)));
        }

        return text.ToString();
    }

    private static long Whole(ref SplitMix64 random) => random.NextBelow(4) switch
    {
        0 => EdgeWholes[random.NextBelow(EdgeWholes.Length)],
        1 => (long)random.NextUInt64(),
        _ => random.NextBelow(2_000) - 1_000,
    };

    private static double Real(ref SplitMix64 random) => random.NextBelow(3) == 0
        ? EdgeReals[random.NextBelow(EdgeReals.Length)]
        : (random.NextDouble() - 0.5) * 1e6;

    private static IArrowArray Fixed(IArrowType type, bool[] valid, ref SplitMix64 random)
    {
        using var stream = new MemoryStream();
        using var w = new BinaryWriter(stream);
        foreach (bool _ in valid)
        {
            switch (type)
            {
                case Int8Type:
                    w.Write((sbyte)Whole(ref random));
                    break;
                case Int16Type:
                    w.Write((short)Whole(ref random));
                    break;
                case Int32Type:
                    w.Write((int)Whole(ref random));
                    break;
                case Int64Type:
                    w.Write(Whole(ref random));
                    break;
                case FloatType:
                    w.Write((float)Real(ref random));
                    break;
                case DoubleType:
                    w.Write(Real(ref random));
                    break;
                case Date32Type: // years 1900 to 9999: Spark refuses older ones of programs other than Spark (SPARK-31404)
                    w.Write((int)(random.NextBelow(2_958_464) - 25_567));
                    break;
                case TimestampType: // years 1900 to 2262
                    w.Write(random.NextBelow(11_432_188_800_000_000) - 2_208_988_800_000_000);
                    break;
                case Decimal128Type d:
                    var value = (Int128)Whole(ref random) % (Int128)Math.Pow(10, Math.Min(d.Precision, 18));
                    w.Write((ulong)value);
                    w.Write((ulong)(value >> 64));
                    break;
                default:
                    throw new NotSupportedException(type.Name);
            }
        }

        return ArrowArrayFactory.BuildArray(new ArrayData(
            type, valid.Length, valid.Count(v => !v), 0, [Bits(valid), new ArrowBuffer(stream.ToArray())]));
    }

    private static ListArray Lists(ListType type, bool[] valid, ref SplitMix64 random, double nullShare)
    {
        int[] offsets = new int[valid.Length + 1];
        for (int i = 0; i < valid.Length; i++)
        {
            offsets[i + 1] = offsets[i] + (valid[i] ? (int)random.NextBelow(5) : 0);
        }

        IArrowArray values = Build(type.ValueDataType, offsets[^1], ref random, nullShare);
        byte[] bytes = new byte[offsets.Length * 4];
        Buffer.BlockCopy(offsets, 0, bytes, 0, bytes.Length);
        return new ListArray(type, valid.Length, new ArrowBuffer(bytes), values, Bits(valid), valid.Count(v => !v));
    }

    private static ArrowBuffer Bits(bool[] valid)
    {
        var bits = new ArrowBuffer.BitmapBuilder(valid.Length);
        bits.AppendRange(valid);
        return bits.Build();
    }
}
