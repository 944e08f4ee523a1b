using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Texts;

/// <summary>The words and the tags of each item, each once (<see cref="Words"/>).</summary>
/// <remarks>
/// Input columns by name: <c>item_id</c>, <c>title</c>, <c>caption</c>, <c>tags</c> (texts that may be null; tags are separated by commas).
/// Output: <c>item_id</c>, <c>kind</c> (<c>word</c> of title and caption, or <c>tag</c>), <c>word</c>. Rows are independent.
/// </remarks>
public sealed class ItemWordsKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "item-words";

    // Long captions: the rows of one input batch may be many.
    private const int RowsOfBatch = 1 << 16;

    private ItemWordsKernel()
    {
    }

    /// <summary>A call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    public static KernelCall Call(IArrowType id) => new(Name, [], Output(id));

    /// <summary>Creates the kernel.</summary>
    public static ItemWordsKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new ItemWordsKernel();
    }

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        var found = new List<(ItemId Item, string Kind, string Word)>();
        foreach (RecordBatch batch in rows)
        {
            IArrowArray ids = KernelColumns.Find(batch, "item_id", Name);
            IdColumn idOf = IdColumn.Of(ids);
            var title = (StringArray)KernelColumns.Find(batch, "title", Name);
            var caption = (StringArray)KernelColumns.Find(batch, "caption", Name);
            var tags = (StringArray)KernelColumns.Find(batch, "tags", Name);
            for (int row = 0; row < batch.Length; row++)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                ItemId item = idOf[row];
                found.AddRange(new[] { title, caption }.SelectMany(c => Words.Of(c.GetString(row) ?? "")).Distinct().Select(w => (item, "word", w)));
                found.AddRange((tags.GetString(row) ?? "").Split(',').Select(Words.Normalized).Where(t => t.Length > 0).Distinct().Select(t => (item, "tag", t)));
                if (found.Count >= RowsOfBatch)
                {
                    yield return Batch(ids.Data.DataType, found);
                    found.Clear();
                }
            }

            if (found.Count > 0)
            {
                yield return Batch(ids.Data.DataType, found);
                found.Clear();
            }
        }
    }

    private static Schema Output(IArrowType id) => new(
        [new Field("item_id", id, nullable: false), new Field("kind", StringType.Default, nullable: false), new Field("word", StringType.Default, nullable: false)], null);

    private static RecordBatch Batch(IArrowType id, List<(ItemId Item, string Kind, string Word)> rows) => new(
        Output(id),
        [
            IdColumn.Build(id, rows.Select(r => (ItemId?)r.Item)),
            new StringArray.Builder().AppendRange(rows.Select(r => r.Kind)).Build(),
            new StringArray.Builder().AppendRange(rows.Select(r => r.Word)).Build(),
        ],
        rows.Count);
}
