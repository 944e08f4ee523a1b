using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine.Local.Relations;
using OneRec.Kernels.Batches;

namespace OneRec.Pipeline.Tests.Engines;

public sealed class RowGatherTests
{
    [Theory]
    [InlineData(new[] { 1, 2 })]
    [InlineData(new[] { 3 })]
    [InlineData(new[] { 4, 0, 1, 3 })]
    [InlineData(new[] { 3, 1 })]
    [InlineData(new[] { 0, 1, 2, 3, 4 })]
    public void Rows_are_picked_and_outlive_the_source(int[] rows)
    {
        (int, int)[] picks = [.. rows.Select(row => (0, row))];
        var numbers = (Int64Array)Picked(new Int64Array.Builder().AppendRange([10L, 11, 12, 13, 14]).Build(), picks);
        Assert.Equal(rows.Select(row => (long?)(10 + row)), numbers);
        var texts = (StringArray)Picked(new StringArray.Builder().AppendRange(["a", "bb", "", "dddd", "é"]).Build(), picks);
        Assert.Equal(rows.Select(row => new[] { "a", "bb", "", "dddd", "é" }[row]), Enumerable.Range(0, texts.Length).Select(i => texts.GetString(i)));
        var floats = (ListArray)Picked(Lists(FloatType.Default, (FloatArray.Builder values, int row) => values.Append(row).Append(row)), picks);
        Assert.Equal(Expected(rows), Texts(floats, i => ((FloatArray)floats.Values).GetValue(i)));
        var halves = (ListArray)Picked(
            Lists(HalfFloatType.Default, (HalfFloatArray.Builder values, int row) => values.Append((Half)row).Append((Half)row)), picks);
        Assert.Equal(Expected(rows), Texts(halves, i => ((HalfFloatArray)halves.Values).GetValue(i)));

        // A vector a row.
        var nested = (ListArray)Picked(
            Lists(
                new ListType(HalfFloatType.Default),
                (ListArray.Builder vectors, int row) => ((HalfFloatArray.Builder)vectors.Append().ValueBuilder).Append((Half)row)),
            picks);
        var inner = (ListArray)nested.Values;
        Assert.Equal(
            rows.Select(row => row % 2 == 0 ? $"{row}" : "null"),
            Texts(nested, i => ((HalfFloatArray)inner.Values).GetValue(inner.ValueOffsets[i])));
    }

    private static IEnumerable<string> Expected(int[] rows) => rows.Select(row => row % 2 == 0 ? $"{row},{row}" : "null");

    // Held as kernels hold a column beyond its batch, and read after the source is gone.
    private static IArrowArray Picked(IArrowArray source, (int, int)[] picks)
    {
        IArrowArray picked = SharedColumn.Of(RowGather.Pick([source], picks));
        (source as IDisposable)?.Dispose();
        return picked;
    }

    private static ListArray Lists<TBuilder>(IArrowType type, Action<TBuilder, int> append)
        where TBuilder : IArrowArrayBuilder<IArrowArray>
    {
        var lists = new ListArray.Builder(type);
        for (int row = 0; row < 5; row++)
        {
            if (row % 2 == 1)
            {
                lists.AppendNull();
                continue;
            }

            lists.Append();
            append((TBuilder)lists.ValueBuilder, row);
        }

        return lists.Build();
    }

    private static IEnumerable<string> Texts(ListArray lists, Func<int, object?> value) => Enumerable.Range(0, lists.Length).Select(row =>
        lists.IsNull(row)
            ? "null"
            : string.Join(",", Enumerable.Range(lists.ValueOffsets[row], lists.GetValueLength(row)).Select(value)));
}
