using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Texts;

namespace OneRec.Kernels.Tests.Texts;

/// <summary>The kernels that split items into words and keep the telling ones.</summary>
public sealed class TellingWordsKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Each_group_and_kind_keeps_its_best_words_across_batches(int rowsOfBatch)
    {
        (string Prefix, string Kind, string Word, long Found, long All)[] rows =
        [
            ("1", "tag", "pixar", 2, 2), ("1", "word", "common", 3, 60), ("1", "word", "b", 2, 2), ("1", "word", "a", 2, 2), ("1", "word", "c", 3, 4),
            ("2", "word", "common", 1, 60), ("3", "word", "d", 1, 1),
        ];
        Assert.Equal(
            ["1 tag 1 pixar", "1 word 1 c", "1 word 2 a", "3 word 1 d"],
            Told(rows, 2, rowsOfBatch));
        double z = TellingWordsKernel.Score(3, 4, 20, 200);
        Assert.True(z > TellingWordsKernel.Score(2, 2, 20, 200) && TellingWordsKernel.Score(1, 60, 20, 200) < 0);
    }

    [Fact]
    public void An_item_has_each_word_and_tag_once_and_texts_may_be_missing()
    {
        var schema = new Schema(
            [
                new Field("item_id", Int64Type.Default, false), new Field("title", StringType.Default, true),
                new Field("caption", StringType.Default, true), new Field("tags", StringType.Default, true),
            ],
            null);
        var batch = new RecordBatch(
            schema,
            [
                new Int64Array.Builder().Append(1).Append(2).Build(),
                new StringArray.Builder().Append("Ice Age").AppendNull().Build(),
                new StringArray.Builder().Append("ice, AGE, 動物").AppendNull().Build(),
                new StringArray.Builder().Append("Tom Hanks, pixar,, Pixar ").AppendNull().Build(),
            ],
            2);
        KernelCall call = ItemWordsKernel.Call(Int64Type.Default);
        RecordBatch words = Assert.Single(ItemWordsKernel.Create(call.Parameters).Run([batch], new KernelContext()));
        OutputCheck.Require(call, words);
        Assert.Equal(
            ["1 word ice", "1 word age", "1 word 動物", "1 tag tom hanks", "1 tag pixar"],
            Enumerable.Range(0, words.Length).Select(r => $"{((Int64Array)words.Column(0)).Values[r]} {((StringArray)words.Column(1)).GetString(r)} {((StringArray)words.Column(2)).GetString(r)}"));
    }

    private static List<string> Told((string Prefix, string Kind, string Word, long Found, long All)[] rows, int limit, int rowsOfBatch)
    {
        KernelCall call = TellingWordsKernel.Call(limit);
        string[] names = ["prefix", "kind", "word", "found", "found_all", "size", "size_all"];
        IEnumerable<RecordBatch> batches = rows.Chunk(rowsOfBatch).Select(chunk =>
        {
            IArrowArray[] columns =
            [
                Texts(chunk.Select(r => r.Prefix)), Texts(chunk.Select(r => r.Kind)), Texts(chunk.Select(r => r.Word)),
                Counts(chunk.Select(r => r.Found)), Counts(chunk.Select(r => r.All)), Counts(chunk.Select(_ => 20L)), Counts(chunk.Select(_ => 200L)),
            ];
            return new RecordBatch(new Schema(names.Select((n, i) => new Field(n, columns[i].Data.DataType, false)), null), columns, chunk.Length);
        });
        var told = new List<string>();
        foreach (RecordBatch batch in TellingWordsKernel.Create(call.Parameters).Run(batches, new KernelContext()))
        {
            OutputCheck.Require(call, batch);
            told.AddRange(Enumerable.Range(0, batch.Length).Select(r =>
                $"{Text(batch, 0, r)} {Text(batch, 1, r)} {((Int32Array)batch.Column(2)).Values[r]} {Text(batch, 3, r)}"));
        }

        return told;
    }

    private static string Text(RecordBatch batch, int column, int row) => ((StringArray)batch.Column(column)).GetString(row);

    private static StringArray Texts(IEnumerable<string> values) => new StringArray.Builder().AppendRange(values).Build();

    private static Int64Array Counts(IEnumerable<long> values) => new Int64Array.Builder().AppendRange(values).Build();
}
