using Apache.Arrow;

namespace OneRec.Scoring.Embedding;

/// <summary>A batch's given token vectors: [n, d] a row, n its own. Read where they lie, never copied.</summary>
internal abstract class TokenColumn
{
    /// <summary>The columns of a batch that a column of tokens may need.</summary>
    /// <param name="name">The column.</param>
    public static IReadOnlyList<string> Names(string name) => [name, "n_tokens", "dim"];

    /// <summary>Wraps the column of a batch.</summary>
    /// <param name="batch">
    /// Holds <paramref name="name"/> as a list of lists of float or float16; or as binary, float16 little-endian row-major,
    /// with <c>n_tokens</c> and <c>dim</c> (long) beside it.
    /// </param>
    /// <param name="name">The column.</param>
    /// <exception cref="ArgumentException">A column is missing or of another type.</exception>
    public static TokenColumn Of(RecordBatch batch, string name) => Column(batch, name) switch
    {
        ListArray { Values: ListArray { Values: FloatArray floats } vectors } rows => new TokenLists<float>(rows, vectors, floats),
        ListArray { Values: ListArray { Values: HalfFloatArray halves } vectors } rows => new TokenLists<Half>(rows, vectors, halves),
        BinaryArray bytes and not StringArray => new TokenBytes(bytes, Numbers(batch, "n_tokens"), Numbers(batch, "dim")),
        var other => throw new ArgumentException(
            $"{name} is {other.Data.DataType.Name}, neither list<list<float>> nor binary", nameof(batch)),
    };

    /// <summary>Floats of the first vector that is not empty; 0 where there is none.</summary>
    public abstract int FirstLength();

    /// <summary>The mean of a row's vectors, summed in double in their order.</summary>
    /// <param name="row">The row.</param>
    /// <param name="sum">A sum of d, used and left in any state.</param>
    /// <param name="mean">Out [d], where there are vectors; each of them must have d floats.</param>
    /// <param name="count">Vectors of the row; 0 where it has none or there is a problem.</param>
    /// <returns>What is wrong with the row, or null.</returns>
    public abstract string? TryMean(int row, VectorSum sum, Span<float> mean, out int count);

    /// <summary>The mean of vectors that lie one after the other.</summary>
    /// <param name="vectors">[n, d] row-major, float or float16, n at least 1.</param>
    /// <param name="sum">A sum of d.</param>
    /// <param name="mean">Out [d].</param>
    /// <returns>Which vector holds NaN or infinity, and where; null where all are finite.</returns>
    protected static string? MeanOf<T>(ReadOnlySpan<T> vectors, VectorSum sum, Span<float> mean)
        where T : unmanaged
    {
        int d = mean.Length;
        sum.Clear();
        for (int start = 0; start < vectors.Length; start += d)
        {
            sum.Add(vectors.Slice(start, d));
        }

        if (!sum.IsFinite)
        {
            int place = 0;
            while (float.IsFinite(Widened(vectors[place])))
            {
                place++;
            }

            return $"token vector {place / d} holds {(float.IsNaN(Widened(vectors[place])) ? "NaN" : "infinity")} at {place % d}";
        }

        sum.Mean(mean);
        return null;
    }

    private static float Widened<T>(T value)
        where T : unmanaged => value is Half half ? (float)half : (float)(object)value;

    private static Int64Array Numbers(RecordBatch batch, string name) => Column(batch, name) as Int64Array
        ?? throw new ArgumentException($"{name} is no long", nameof(batch));

    private static IArrowArray Column(RecordBatch batch, string name)
    {
        int index = batch.Schema.GetFieldIndex(name);
        return index >= 0 ? batch.Column(index) : throw new ArgumentException($"no input column '{name}'", nameof(batch));
    }
}
