using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Reads the centroids of one or more levels from rows in any order.</summary>
public static class CodebookRows
{
    /// <summary>Reads the levels.</summary>
    /// <param name="batches">Columns by name: <c>level</c> int (absent: 0), <c>code</c> int, <c>centroid</c> list of float.</param>
    /// <returns>Per level: [k, d] row-major. At least one level.</returns>
    /// <exception cref="OneRecException">
    /// Table error <c>codebook.damaged</c>: no rows, a missing or duplicate code, centroids of different lengths, or a
    /// number that is not finite.
    /// </exception>
    public static IReadOnlyList<float[]> Read(IEnumerable<RecordBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        var levels = new SortedDictionary<int, SortedDictionary<int, float[]>>();
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                int levelAt = batch.Schema.GetFieldIndex("level", StringComparer.Ordinal);
                Int32Array? level = levelAt < 0 ? null : (Int32Array)batch.Column(levelAt);
                var code = (Int32Array)KernelColumns.Find(batch, "code", "codebook");
                VectorColumn centroid = VectorColumn.Of(KernelColumns.Find(batch, "centroid", "codebook"));
                for (int row = 0; row < batch.Length; row++)
                {
                    int l = level is null ? 0 : level.Values[row];
                    if (!levels.TryGetValue(l, out SortedDictionary<int, float[]>? codes))
                    {
                        levels.Add(l, codes = []);
                    }

                    Require(codes.TryAdd(code.Values[row], centroid[row].ToArray()), $"level {l} has code {code.Values[row]} twice");
                }
            }
        }

        Require(levels.Count > 0, "it has no rows");
        int dims = levels.First().Value.First().Value.Length;
        var read = new List<float[]>();
        foreach ((int level, SortedDictionary<int, float[]> codes) in levels)
        {
            Require(level == read.Count, $"level {read.Count} is missing");
            var values = new float[checked(codes.Count * dims)];
            int next = 0;
            foreach ((int code, float[] vector) in codes)
            {
                Require(code == next, $"code {next} of level {level} is missing");
                Require(vector.Length == dims && dims > 0, $"code {code} of level {level} has {vector.Length} numbers, the others {dims}");
                Require(vector.All(float.IsFinite), $"code {code} of level {level} is not finite");
                vector.CopyTo(values, next * dims);
                next++;
            }

            read.Add(values);
        }

        return read;
    }

    /// <summary>The dimension of the centroids, taken from the first.</summary>
    /// <param name="batches">Rows as in <see cref="Read"/>; disposed here.</param>
    public static int DimsOf(IEnumerable<RecordBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        int dims = 0;
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                if (dims == 0 && batch.Length > 0)
                {
                    dims = VectorColumn.Of(KernelColumns.Find(batch, "centroid", "codebook"))[0].Length;
                }
            }
        }

        return dims;
    }

    private static void Require(bool holds, string what)
    {
        if (!holds)
        {
            throw OneRecException.Table("codebook.damaged", $"codebooks: the codebook is damaged ({what}); train it again");
        }
    }
}
