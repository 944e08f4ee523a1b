using System.Text;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Ids;

namespace OneRec.Kernels.Texts;

/// <summary>
/// Kernel <c>join-texts</c>: joins the texts of each item in their input order. A kernel, because SQL for it differs between
/// the engines.
/// </summary>
/// <remarks>
/// Input, keyed by <c>item_id</c> (BIGINT or STRING) and sorted by it first: <c>item_id</c> and the column named by
/// parameter <c>column</c>, STRING without nulls. Parameter <c>separator</c> is put between texts. Output:
/// <c>item_id</c>, <c>texts</c> STRING, one row per item. With parameter <c>lines</c> each text is a line, to be split by
/// <see cref="JoinedTexts.Split"/>.
/// </remarks>
public sealed class JoinTextsKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "join-texts";

    private const int ItemsOfBatch = 1 << 14;
    private const int BytesOfBatch = 32 << 20;

    private readonly string _column;
    private readonly byte[] _separator;
    private readonly bool _lines;

    /// <summary>Creates a kernel with its parameters.</summary>
    /// <exception cref="ArgumentException">A parameter is missing.</exception>
    public JoinTextsKernel(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _column = Read(parameters, "column");
        _separator = Encoding.UTF8.GetBytes(Read(parameters, "separator"));
        _lines = parameters["lines"]?.GetValue<bool>() ?? false;
    }

    /// <summary>A call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="column">The column of texts.</param>
    /// <param name="separator">Put between texts.</param>
    public static KernelCall Call(IArrowType id, string column, string separator) =>
        new(Name, new JsonObject { ["column"] = column, ["separator"] = separator }, Output(id));

    /// <summary>A call of this kernel that joins texts as lines, whatever they contain.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="column">The column of texts.</param>
    public static KernelCall CallLines(IArrowType id, string column) =>
        new(Name, new JsonObject { ["column"] = column, ["separator"] = "\n", ["lines"] = true }, Output(id));

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The input is not as the remarks specify.</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        var run = new IdRun();
        IdSet? ids = null;
        StringArray.Builder texts = new();
        var joined = new MemoryStream();
        int bytes = 0;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            IArrowArray items = BatchColumns.Find(batch, "item_id");
            IArrowArray values = BatchColumns.Find(batch, _column);
            for (int row = 0; row < batch.Length; row++)
            {
                int order = run.Next(items, row);
                if (order < 0)
                {
                    throw new ArgumentException("the input of join-texts is not sorted by item_id");
                }

                if (order > 0 && ids is not null)
                {
                    texts.Append(joined.GetBuffer().AsSpan(0, (int)joined.Length));
                    bytes += (int)joined.Length;
                    joined.SetLength(0);
                    if (ids.Count >= ItemsOfBatch || bytes >= BytesOfBatch)
                    {
                        yield return Batch(ids, texts);
                        (ids, texts, bytes) = (null, new StringArray.Builder(), 0);
                    }
                }

                if (order > 0)
                {
                    ids ??= IdSet.For(items.Data.DataType);
                    ids.Add(items, row);
                }
                else
                {
                    joined.Write(_separator);
                }

                ReadOnlySpan<byte> text = IdColumn.Text(values, row);
                joined.Write(_lines ? JoinedTexts.Escaped(text) : text);
            }
        }

        if (ids is not null)
        {
            texts.Append(joined.GetBuffer().AsSpan(0, (int)joined.Length));
            yield return Batch(ids, texts);
        }
    }

    private static Schema Output(IArrowType id) =>
        new([new Field("item_id", id, false), new Field("texts", StringType.Default, false)], null);

    private static RecordBatch Batch(IdSet ids, StringArray.Builder texts)
    {
        IArrowArray items = ids.Take([.. Enumerable.Range(0, ids.Count)]);
        return new RecordBatch(Output(items.Data.DataType), [items, texts.Build()], ids.Count);
    }

    private static string Read(JsonObject parameters, string key) => parameters[key]?.GetValue<string>()
        ?? throw new ArgumentException($"the join-texts call has no '{key}'", nameof(parameters));
}
