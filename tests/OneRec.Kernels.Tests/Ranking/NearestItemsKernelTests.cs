using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Kernels.Ranking;

namespace OneRec.Kernels.Tests.Ranking;

/// <summary>The nearest items by cosine, against a sort of all in double.</summary>
public sealed class NearestItemsKernelTests
{
    private const int Dims = 5;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1_000)]
    public void They_are_those_of_a_sort_of_all_however_rows_are_cut(int rowsOfBatch)
    {
        float[][] vectors = Vectors(501);
        (string Id, float[] Vector)[] items = [.. Enumerable.Range(0, 500).Select(i => ($"i{i}", vectors[i]))];
        (int, string, float[])[] asked = [(0, "i3", vectors[3]), (4, "none", vectors[500])];
        List<(int Place, string Id, double Cosine)> found = Run(items, asked, 9, rowsOfBatch);
        foreach ((int place, string own, float[] vector) in asked)
        {
            (string, double)[] expected =
            [
                .. items.Where(i => i.Id != own).Select(i => (i.Id, Cosine: Cosine(i.Vector, vector))).OrderByDescending(i => i.Cosine).Take(9),
            ];
            (string Id, double Cosine)[] told = [.. found.Where(f => f.Place == place).Select(f => (f.Id, f.Cosine))];
            Assert.Equal(expected.Select(e => e.Item1), told.Select(t => t.Id));
            Assert.All(told.Zip(expected), t => Assert.Equal(t.Second.Item2, t.First.Cosine, 1e-14));
        }
    }

    [Fact]
    public void Ties_go_to_the_lower_id_by_bytes_and_zeros_have_no_cosine()
    {
        float[] one = [1, 0, 0, 0, 0];
        (string, float[])[] items = [("é", one), ("z", one), ("b", new float[Dims]), ("a", [2, 0, 0, 0, 0]), ("own", one)];
        Assert.Equal(["a", "z"], Run(items, [(0, "own", one)], 2, 1).Select(f => f.Id));
        Assert.Equal(["a", "z", "é"], Run(items, [(0, "own", one)], 5, 2).Select(f => f.Id));
        Assert.Empty(Run(items, [(0, "b", new float[Dims])], 5, 2));
    }

    [Fact]
    public void A_vector_of_another_length_names_its_item()
    {
        OneRecException refused = Assert.Throws<OneRecException>(() => Run([("a", new float[Dims])], [(0, "b", [1, 2])], 1, 1));
        Assert.Equal(("embedding.length", ErrorKind.Input), (refused.Code, refused.Kind));
        Assert.Contains("item a ", refused.Message, StringComparison.Ordinal);
    }

    private static List<(int Place, string Id, double Cosine)> Run(
        (string Id, float[] Vector)[] items, (int Place, string Id, float[] Vector)[] asked, int limit, int rowsOfBatch)
    {
        KernelCall call = NearestItemsKernel.Call(StringType.Default, limit);
        var context = new KernelContext
        {
            Sides = new Dictionary<string, Func<IEnumerable<RecordBatch>>>
            {
                [NearestItemsKernel.AskedSide] = () => [Batch([.. asked.Select(a => (a.Id, a.Vector))], ("place", new Int32Array.Builder().AppendRange(asked.Select(a => a.Place)).Build()))],
            },
        };
        var found = new List<(int, string, double)>();
        foreach (RecordBatch batch in NearestItemsKernel.Create(call.Parameters).Run(items.Chunk(rowsOfBatch).Select(c => Batch(c)), context))
        {
            OutputCheck.Require(call, batch);
            found.AddRange(Enumerable.Range(0, batch.Length).Select(row => (
                ((Int32Array)batch.Column(0)).Values[row], ((StringArray)batch.Column(1)).GetString(row), ((DoubleArray)batch.Column(2)).Values[row])));
        }

        return found;
    }

    private static RecordBatch Batch((string Id, float[] Vector)[] rows, params (string Name, IArrowArray Column)[] more)
    {
        (string Name, IArrowArray Column)[] columns =
        [
            ("item_id", new StringArray.Builder().AppendRange(rows.Select(r => r.Id)).Build()),
            ("embedding", ListColumns.Floats([.. rows.SelectMany(r => r.Vector)], rows.Length)),
            .. more,
        ];
        return new RecordBatch(
            new Schema(columns.Select(c => new Field(c.Name, c.Column.Data.DataType, false)), null), columns.Select(c => c.Column), rows.Length);
    }

    private static float[][] Vectors(int count)
    {
        var draw = new SplitMix64(7);
        float[][] vectors = new float[count][];
        for (int i = 0; i < count; i++)
        {
            vectors[i] = new float[Dims];
            for (int t = 0; t < Dims; t++)
            {
                vectors[i][t] = (float)(draw.NextDouble() - 0.5);
            }
        }

        return vectors;
    }

    private static double Cosine(float[] left, float[] right) => left.Zip(right, (a, b) => (double)a * b).Sum()
        / Math.Sqrt(left.Sum(a => (double)a * a)) / Math.Sqrt(right.Sum(b => (double)b * b));
}
