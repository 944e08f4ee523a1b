using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Apache.Arrow;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Embedding;

/// <summary>A batch's given token vectors: [n, d] per row, with n differing between rows. Read in place, not copied.</summary>
internal abstract class TokenColumn
{
    /// <summary>The input columns that a column of tokens may consist of.</summary>
    /// <param name="name">The column.</param>
    public static IReadOnlyList<string> Names(string name) => [name, "n_tokens", "dim"];

    /// <summary>Wraps the column of a batch.</summary>
    /// <param name="batch">
    /// Contains <paramref name="name"/> as a list of lists of float or float16; or as binary, float16 little-endian row-major,
    /// together with <c>n_tokens</c> and <c>dim</c> (long).
    /// </param>
    /// <param name="name">The column.</param>
    /// <exception cref="ArgumentException">A column is missing or has the wrong type.</exception>
    public static TokenColumn Of(RecordBatch batch, string name) => Column(batch, name) switch
    {
        ListArray { Values: ListArray { Values: FloatArray floats } vectors } rows => new TokenLists<float>(rows, vectors, floats),
        ListArray { Values: ListArray { Values: HalfFloatArray halves } vectors } rows => new TokenLists<Half>(rows, vectors, halves),
        BinaryArray bytes and not StringArray => new TokenBytes(bytes, Numbers(batch, "n_tokens"), Numbers(batch, "dim")),
        var other => throw new ArgumentException(
            $"{name} is {other.Data.DataType.Name}, neither list<list<float>> nor binary", nameof(batch)),
    };

    /// <summary>The length of the first non-empty vector; 0 if there is none.</summary>
    public abstract int FirstLength();

    /// <summary>The mean of a row's vectors, summed in double in their order.</summary>
    /// <param name="row">The row.</param>
    /// <param name="sum">A sum of d dimensions; overwritten.</param>
    /// <param name="mean">Out [d], if there are vectors; each must have d floats.</param>
    /// <param name="count">Out: the number of vectors; 0 if there are none or there is a problem.</param>
    /// <returns>The problem of the row, or null.</returns>
    public string? TryMean(int row, VectorSum sum, Span<float> mean, out int count)
    {
        sum.Clear();
        string? problem = TryRead(row, mean.Length, sum, out count);
        if (count > 0)
        {
            sum.Mean(mean);
        }

        return problem;
    }

    /// <summary>Passes a row's vectors on.</summary>
    /// <param name="row">The row.</param>
    /// <param name="d">Length that each vector must have.</param>
    /// <param name="sink">Receives all vectors, if there are any and there is no problem with their number or lengths.</param>
    /// <param name="count">Out: the number of vectors; 0 if there are none or there is a problem.</param>
    /// <returns>The problem of the row, or null.</returns>
    public abstract string? TryRead(int row, int d, IVectorSink sink, out int count);

    /// <summary>The length that a row's vectors claim to have: that of the first; 0 if it has none, or null vectors.</summary>
    public abstract int LengthOf(int row);

    /// <summary>Hashes a row's vectors as they are stored: their number, lengths and bytes, whether they are valid or not.</summary>
    /// <param name="row">The row.</param>
    /// <param name="hash">Receives the bytes.</param>
    /// <returns>False if the row has no vectors; nothing was hashed then.</returns>
    public abstract bool Hash(int row, IncrementalHash hash);

    /// <summary>Adds a number to a hash, as 8 little-endian bytes.</summary>
    protected static void AddNumber(IncrementalHash hash, long value)
    {
        ArgumentNullException.ThrowIfNull(hash);
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        hash.AppendData(bytes);
    }

    /// <summary>Passes contiguous vectors on.</summary>
    /// <param name="vectors">[n, d] row-major, float or float16, n at least 1.</param>
    /// <param name="d">Length of a vector.</param>
    /// <param name="sink">Receives them.</param>
    /// <returns>Which vector contains NaN or infinity, and at which position; null if all are finite.</returns>
    protected static string? Pass<T>(ReadOnlySpan<T> vectors, int d, IVectorSink sink)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (sink.Take(vectors, d))
        {
            return null;
        }

        int place = 0;
        while (float.IsFinite(Widened(vectors[place])))
        {
            place++;
        }

        return $"token vector {place / d} contains {(float.IsNaN(Widened(vectors[place])) ? "NaN" : "infinity")} at {place % d}";
    }

    private static float Widened<T>(T value)
        where T : unmanaged => value is Half half ? (float)half : (float)(object)value;

    private static Int64Array Numbers(RecordBatch batch, string name) => Column(batch, name) as Int64Array
        ?? throw new ArgumentException($"{name} is not a long", nameof(batch));

    private static IArrowArray Column(RecordBatch batch, string name)
    {
        int index = batch.Schema.GetFieldIndex(name);
        return index >= 0 ? batch.Column(index) : throw new ArgumentException($"no input column '{name}'", nameof(batch));
    }
}

/// <summary>
/// Token vectors as bytes: <c>tokens</c> is float16 [n_tokens, dim], little-endian, row-major; null or empty if a row has
/// none.
/// </summary>
internal sealed class TokenBytes(BinaryArray bytes, Int64Array counts, Int64Array lengths) : TokenColumn
{
    private const int HalfBytes = 2;

    /// <inheritdoc/>
    /// <remarks>Prefers a row whose byte count is right, so that a single broken row does not decide.</remarks>
    public override int FirstLength()
    {
        int claimed = 0;
        for (int row = 0; row < bytes.Length; row++)
        {
            if (bytes.IsValid(row) && counts.GetValue(row) is > 0 and var n && lengths.GetValue(row) is > 0 and <= int.MaxValue and var d)
            {
                if (Size(n, d) == bytes.GetValueLength(row))
                {
                    return (int)d;
                }

                claimed = claimed == 0 ? (int)d : claimed;
            }
        }

        return claimed;
    }

    /// <inheritdoc/>
    public override int LengthOf(int row) =>
        bytes.IsValid(row) && counts.GetValue(row) is > 0 && lengths.GetValue(row) is > 0 and <= int.MaxValue and var d
            && Size(counts.GetValue(row)!.Value, d) == bytes.GetValueLength(row) ? (int)d : 0;

    /// <inheritdoc/>
    public override string? TryRead(int row, int d, IVectorSink sink, out int count)
    {
        count = 0;
        long? n = counts.GetValue(row);
        long? length = lengths.GetValue(row);
        if (bytes.IsNull(row))
        {
            return n is null or 0 ? null : $"n_tokens is {n}, but tokens is null";
        }

        ReadOnlySpan<byte> own = bytes.GetBytes(row);
        if (n == 0 && own.IsEmpty)
        {
            return null;
        }

        if (n is null or < 0 || length is null or < 0)
        {
            return $"tokens has {own.Length} bytes, but {(n is null or < 0 ? Named("n_tokens", n) : Named("dim", length))}";
        }

        if (Size(n.Value, length.Value) != own.Length)
        {
            return $"tokens has {own.Length} bytes, but n_tokens {n} x dim {length} in float16 needs {Size(n.Value, length.Value)}";
        }

        if (length != d)
        {
            return $"token vectors have {length} floats (dim), not {d}";
        }

        string? problem = Pass(MemoryMarshal.Cast<byte, Half>(own), d, sink);
        count = problem is null ? (int)n : 0;
        return problem;
    }

    /// <inheritdoc/>
    public override bool Hash(int row, IncrementalHash hash)
    {
        if ((bytes.IsNull(row) || bytes.GetValueLength(row) == 0) && (counts.GetValue(row) ?? 0) == 0)
        {
            return false;
        }

        AddNumber(hash, counts.GetValue(row) ?? -1);
        AddNumber(hash, lengths.GetValue(row) ?? -1);
        hash.AppendData(bytes.IsNull(row) ? [] : bytes.GetBytes(row));
        return true;
    }

    private static string Named(string column, long? value) => $"{column} is {(value is null ? "null" : $"{value}")}";

    private static Int128 Size(long n, long d) => (Int128)n * d * HalfBytes;
}

/// <summary>Token vectors as a list of vectors per row; a vector is a list of float or float16.</summary>
internal sealed class TokenLists<T>(ListArray rows, ListArray vectors, PrimitiveArray<T> values) : TokenColumn
    where T : unmanaged, IEquatable<T>
{
    /// <inheritdoc/>
    public override int FirstLength()
    {
        ReadOnlySpan<int> outer = rows.ValueOffsets;
        ReadOnlySpan<int> inner = vectors.ValueOffsets;
        for (int row = 0; row < rows.Length; row++)
        {
            for (int v = outer[row]; rows.IsValid(row) && v < outer[row + 1]; v++)
            {
                if (vectors.IsValid(v) && inner[v + 1] > inner[v])
                {
                    return inner[v + 1] - inner[v];
                }
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override int LengthOf(int row)
    {
        int first = rows.ValueOffsets[row];
        return rows.IsValid(row) && first < rows.ValueOffsets[row + 1] && vectors.IsValid(first)
            ? vectors.ValueOffsets[first + 1] - vectors.ValueOffsets[first]
            : 0;
    }

    /// <inheritdoc/>
    public override string? TryRead(int row, int d, IVectorSink sink, out int count)
    {
        count = 0;
        (int first, int last) = rows.IsNull(row) ? (0, 0) : (rows.ValueOffsets[row], rows.ValueOffsets[row + 1]);
        if (first == last)
        {
            return null;
        }

        ReadOnlySpan<int> inner = vectors.ValueOffsets;
        for (int v = first; v < last; v++)
        {
            int length = vectors.IsNull(v) ? -1 : inner[v + 1] - inner[v];
            if (length != d)
            {
                string got = length < 0 ? "is null" : $"has {length} floats";
                return $"token vector {v - first} {got}, not {d} floats";
            }
        }

        (int start, int end) = (inner[first], inner[last]);
        if (values.NullCount > 0)
        {
            for (int i = start; i < end; i++)
            {
                if (values.IsNull(i))
                {
                    return $"token vector {(i - start) / d} contains a null";
                }
            }
        }

        string? problem = Pass(values.Values[start..end], d, sink);
        count = problem is null ? last - first : 0;
        return problem;
    }

    /// <inheritdoc/>
    public override bool Hash(int row, IncrementalHash hash)
    {
        (int first, int last) = rows.IsNull(row) ? (0, 0) : (rows.ValueOffsets[row], rows.ValueOffsets[row + 1]);
        for (int v = first; v < last; v++)
        {
            if (vectors.IsNull(v))
            {
                AddNumber(hash, -1);
                continue;
            }

            (int start, int end) = (vectors.ValueOffsets[v], vectors.ValueOffsets[v + 1]);
            AddNumber(hash, end - start);
            AddValues(hash, start, end);
        }

        return last > first;
    }

    // The bytes below a null are arbitrary, so each null is hashed by its position instead.
    private void AddValues(IncrementalHash hash, int start, int end)
    {
        int from = start;
        for (int i = start; values.NullCount > 0 && i < end; i++)
        {
            if (values.IsNull(i))
            {
                hash.AppendData(MemoryMarshal.AsBytes(values.Values[from..i]));
                AddNumber(hash, i - start);
                from = i + 1;
            }
        }

        hash.AppendData(MemoryMarshal.AsBytes(values.Values[from..end]));
    }
}
