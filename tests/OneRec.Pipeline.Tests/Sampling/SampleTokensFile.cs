using System.Runtime.InteropServices;
using Apache.Arrow;
using ParquetSharp.Arrow;

namespace OneRec.Pipeline.Tests.Sampling;

/// <summary>Reads <c>tokens.parquet</c> as any Arrow program would.</summary>
internal static class SampleTokensFile
{
    /// <summary>A sample's ids and vectors, tokens one after the other, in the file's order.</summary>
    public static List<(long Id, float[] Vectors)> Read(string folder)
    {
        using var reader = new FileReader(Path.Combine(folder, "tokens.parquet"));
        using Apache.Arrow.Ipc.IArrowArrayStream stream = reader.GetRecordBatchReader();
        var rows = new List<(long, float[])>();
        while (stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
        {
            using (batch)
            {
                var ids = (Int64Array)batch.Column(0);
                if (batch.Column(1) is BinaryArray bytes)
                {
                    for (int i = 0; i < batch.Length; i++)
                    {
                        ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(bytes.GetBytes(i));
                        Assert.Equal(halves.Length, ((Int32Array)batch.Column(2)).GetValue(i) * ((Int32Array)batch.Column(3)).GetValue(i));
                        rows.Add((ids.GetValue(i)!.Value, [.. halves.ToArray().Select(h => (float)h)]));
                    }

                    continue;
                }

                var outer = (ListArray)batch.Column(1);
                var inner = (ListArray)outer.Values;
                var floats = (FloatArray)inner.Values;
                for (int i = 0; i < batch.Length; i++)
                {
                    int start = inner.ValueOffsets[outer.ValueOffsets[i]];
                    int end = inner.ValueOffsets[outer.ValueOffsets[i + 1]];
                    rows.Add((ids.GetValue(i)!.Value, floats.Values[start..end].ToArray()));
                }
            }
        }

        return rows;
    }
}
