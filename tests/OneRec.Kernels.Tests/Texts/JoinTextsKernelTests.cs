using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Texts;

namespace OneRec.Kernels.Tests.Texts;

public sealed class JoinTextsKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(100)]
    public void Texts_of_an_item_are_joined_in_their_order_across_batches(int rowsOfBatch) => Assert.Equal(
        ["1=b, a, b", "2=", "7=é"],
        Run([(1, "b"), (1, "a"), (1, "b"), (2, ""), (7, "é")], rowsOfBatch));

    [Fact]
    public void Many_items_come_in_several_batches_without_loss()
    {
        (long, string)[] rows = [.. Enumerable.Range(0, 50_000).Select(i => ((long)(i / 2), $"{i}"))];
        Assert.Equal(Enumerable.Range(0, 25_000).Select(i => $"{i}={2 * i}, {(2 * i) + 1}"), Run(rows, 999));
    }

    [Fact]
    public void Lines_are_split_into_the_texts_that_were_joined_whatever_they_contain()
    {
        string[] texts = ["a", "", "a\nb", "\n", "\\", "\\n", "a\\\nb\\", "\r\n", "\u65E5\n\U0001F600", "\0"];
        string joined = Run([.. texts.Select(t => (1L, t))], 3, JoinTextsKernel.CallLines(Int64Type.Default, "tag"))[0][2..];
        Assert.Equal(texts, JoinedTexts.Split(joined));
        Assert.Equal(["a/b c"], JoinedTexts.Split("a/b c"));
    }

    [Fact]
    public void No_rows_give_no_rows() => Assert.Empty(Run([], 1));

    [Fact]
    public void Items_out_of_order_are_refused() =>
        Assert.Throws<ArgumentException>(() => Run([(2, "a"), (1, "b")], 1));

    private static List<string> Run((long Item, string Text)[] rows, int rowsOfBatch, KernelCall? call = null)
    {
        call ??= JoinTextsKernel.Call(Int64Type.Default, "tag", ", ");
        var schema = new Schema(
            [new Field("item_id", Int64Type.Default, false), new Field("tag", StringType.Default, false)], null);
        IEnumerable<RecordBatch> batches = rows.Chunk(rowsOfBatch).Select(chunk => new RecordBatch(
            schema,
            [
                new Int64Array.Builder().AppendRange(chunk.Select(r => r.Item)).Build(),
                new StringArray.Builder().AppendRange(chunk.Select(r => r.Text)).Build(),
            ],
            chunk.Length));
        var joined = new List<string>();
        foreach (RecordBatch batch in OneRecKernels.Register(new KernelRegistry()).Create(call).Run(batches, new KernelContext()))
        {
            for (int r = 0; r < batch.Length; r++)
            {
                joined.Add($"{((Int64Array)batch.Column(0)).GetValue(r)}={((StringArray)batch.Column(1)).GetString(r)}");
            }
        }

        return joined;
    }
}
