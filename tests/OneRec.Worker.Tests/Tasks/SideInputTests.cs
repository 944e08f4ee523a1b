using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using OneRec.Kernels.Ids;
using OneRec.Kernels.Remote;
using OneRec.Worker.Tasks;

namespace OneRec.Worker.Tests.Tasks;

public sealed class SideInputTests
{
    private static readonly SideInputRows Side = new("side");

    private static readonly Schema Stream = new(
        [
            new Field("x", Int64Type.Default, true),
            new Field("side:", Int32Type.Default, false),
            new Field("side:x", StringType.Default, true),
        ],
        null);

    [Fact]
    public void Stream_is_cut_where_the_rows_begin_wherever_batches_end() =>
        Gen.Select(Gen.Int[0, 30], Gen.Int[0, 30], Gen.Int[1, 12]).Sample((side, rows, size) =>
        {
            using var input = new SideInputReader(Batches(side, rows, size), Side);
            string[] texts = [.. input.Side().SelectMany(b => Texts(BatchColumns.FindNonNull<StringArray>(b, "x"), b.ColumnCount))];
            long[] longs = [.. input.Rows().SelectMany(b => Longs(BatchColumns.FindNonNull<Int64Array>(b, "x"), b.ColumnCount))];
            Assert.Equal(Enumerable.Range(0, side).Select(i => $"é{i}"), texts);
            Assert.Equal(Enumerable.Range(0, rows).Select(i => (long)i), longs);
        });

    [Fact]
    public void Rows_before_the_side_input_are_refused()
    {
        using var input = new SideInputReader(Batches(3, 3, 2), Side);
        Assert.Equal(
            "side input 'side' comes before the rows and was not read to its end",
            Assert.Throws<InvalidOperationException>(() => input.Rows().Count()).Message);
        _ = input.Side().First();
        Assert.Throws<InvalidOperationException>(() => input.Rows().Count());
    }

    [Fact]
    public void Side_input_is_there_once()
    {
        using var input = new SideInputReader(Batches(3, 3, 2), Side);
        Assert.Equal(2, input.Side().Count());
        Assert.Equal(
            "side input 'side' comes in one stream with the rows and can be read only once",
            Assert.Throws<InvalidOperationException>(() => input.Side().Count()).Message);
    }

    [Fact]
    public void Side_input_that_goes_on_after_rows_is_refused()
    {
        using var input = new SideInputReader(Batches(1, 1, 2).Concat(Batches(1, 0, 1)), Side);
        Assert.Single(input.Side());
        Assert.Equal(
            "side input 'side' continues after rows: there are two parts in one partition",
            Assert.Throws<InvalidOperationException>(() => input.Rows().Count()).Message);
    }

    private static IEnumerable<RecordBatch> Batches(int side, int rows, int size)
    {
        foreach (int[] chunk in Enumerable.Range(0, side + rows).Chunk(size))
        {
            var x = new Int64Array.Builder();
            var marker = new Int32Array.Builder();
            var text = new StringArray.Builder();
            foreach (int i in chunk)
            {
                bool isSide = i < side;
                _ = isSide ? x.AppendNull() : x.Append(i - side);
                _ = isSide ? text.Append($"é{i}") : text.AppendNull();
                marker.Append(isSide ? SideInputRows.OfSide : SideInputRows.OfRows);
            }

            yield return new RecordBatch(Stream, [x.Build(), marker.Build(), text.Build()], chunk.Length);
        }
    }

    private static IEnumerable<string> Texts(StringArray column, int columns)
    {
        Assert.Equal(1, columns);
        return Enumerable.Range(0, column.Length).Select(i => column.GetString(i));
    }

    private static IEnumerable<long> Longs(Int64Array column, int columns)
    {
        Assert.Equal(1, columns);
        return Enumerable.Range(0, column.Length).Select(i => column.GetValue(i)!.Value);
    }
}
