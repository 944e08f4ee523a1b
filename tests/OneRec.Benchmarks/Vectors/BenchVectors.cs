using System.Runtime.InteropServices;
using OneRec.Core;

namespace OneRec.Benchmarks.Vectors;

/// <summary>The vectors of a case: a file's, or generated ones.</summary>
internal static class BenchVectors
{
    /// <summary>Options of <see cref="Read"/>.</summary>
    public static readonly IReadOnlyList<string> Options = ["--input", "--rows", "--dim"];

    /// <summary>How they are written, for a case's help.</summary>
    public const string Help = "--rows N --dim D | --input FILE --dim D";

    private const int Centres = 1000;

    /// <summary>Reads or generates rows.</summary>
    /// <param name="given"><c>--input</c>, raw little-endian float32, or <c>--rows</c>; and <c>--dim</c>.</param>
    /// <returns>[n, d] row-major, and d.</returns>
    /// <exception cref="UsageException">The file is no whole number of rows.</exception>
    public static (float[] Rows, int Dims) Read(Arguments given)
    {
        int dims = (int)given.Number("--dim", 1);
        return given.Text("--input", "") is { Length: > 0 } path
            ? (ReadFile(path, dims), dims)
            : (Spectrum(checked((int)given.Number("--rows", 1)), dims, seed: 0), dims);
    }

    /// <summary>
    /// Rows about 1,000 centres, of normal numbers whose deviation falls as 1 / sqrt(1 + t) over dimensions t: the
    /// spectrum that embeddings have about.
    /// </summary>
    /// <param name="n">Rows.</param>
    /// <param name="dims">Numbers a row.</param>
    /// <param name="seed">Other seeds, other rows; the centres stay.</param>
    public static float[] Spectrum(int n, int dims, ulong seed)
    {
        double[] scale = [.. Enumerable.Range(0, dims).Select(t => 1 / Math.Sqrt(1 + t))];
        var centres = new NormalNumbers(ulong.MaxValue);
        float[] at = [.. Enumerable.Range(0, Centres * dims).Select(i => (float)(centres.Next() * scale[i % dims]))];
        var random = new SplitMix64(seed);
        var normal = new NormalNumbers(seed + 1);
        var rows = new float[checked((long)n * dims)];
        for (long row = 0; row < n; row++)
        {
            ReadOnlySpan<float> centre = at.AsSpan((int)random.NextBelow(Centres) * dims, dims);
            Span<float> into = rows.AsSpan((int)(row * dims), dims);
            for (int t = 0; t < dims; t++)
            {
                into[t] = (float)(centre[t] + (0.5 * normal.Next() * scale[t]));
            }
        }

        return rows;
    }

    private static float[] ReadFile(string path, int dims)
    {
        long bytes = new FileInfo(path).Length;
        if (bytes == 0 || bytes % (dims * sizeof(float)) != 0)
        {
            throw new UsageException($"{path} has {bytes} bytes, no whole number of rows of {dims} float32");
        }

        var rows = new float[bytes / sizeof(float)];
        using FileStream file = File.OpenRead(path);
        file.ReadExactly(MemoryMarshal.AsBytes(rows.AsSpan()));
        return rows;
    }
}
