using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.Kernels.Hashing;

/// <summary>Adds to catalogue rows the hash that says whether an item's content changed (<see cref="ContentHash"/>).</summary>
/// <remarks>
/// Input columns by name: <c>item_id</c> (BIGINT or STRING), and the nullable strings <c>title</c>, <c>caption</c>,
/// <c>tags</c>, <c>asr</c>, <c>ocr</c>, <c>tokens_version</c>, <c>images_version</c>; others are ignored. Output columns
/// in order: <c>item_id</c>, <c>title</c>, <c>caption</c>, <c>tags</c>, <c>asr</c>, <c>ocr</c>, <c>content_hash</c>.
/// Rows are independent: one output batch an input batch, rows in the same order.
/// </remarks>
public sealed class ContentHashKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "content-hash";

    private const int HexLength = 64;

    private static readonly string[] Kept = ["title", "caption", "tags", "asr", "ocr"];

    private static readonly string[] Hashed = [.. Kept, "tokens_version", "images_version"];

    private ContentHashKernel()
    {
    }

    /// <summary>The call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>: int64 or string.</param>
    public static KernelCall Call(IArrowType id) => new(Name, [], Output(id));

    /// <summary>Builds the kernel.</summary>
    /// <param name="parameters">None are known.</param>
    /// <exception cref="ArgumentException">A parameter was given.</exception>
    public static ContentHashKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.Count == 0
            ? new ContentHashKernel()
            : throw new ArgumentException($"{Name} has no parameter '{parameters.First().Key}'", nameof(parameters));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or of another type.</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        return Map(rows, context);
    }

    private static Schema Output(IArrowType id) => new(
        [
            new Field("item_id", id, nullable: false),
            .. Kept.Select(name => new Field(name, StringType.Default, nullable: true)),
            new Field("content_hash", StringType.Default, nullable: false),
        ],
        null);

    private static IEnumerable<RecordBatch> Map(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        using var hash = new ContentHash();
        long done = 0;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            IArrowArray id = Find(batch, "item_id");
            if (id.Data.DataType.TypeId is not (ArrowTypeId.Int64 or ArrowTypeId.String))
            {
                throw new ArgumentException($"{Name}: item_id is {id.Data.DataType.Name}, not int64 or string");
            }

            StringArray[] texts = [.. Hashed.Select(name => Text(batch, name))];
            yield return new RecordBatch(
                Output(id.Data.DataType),
                [SharedColumn.Of(id), .. texts.Take(Kept.Length).Select(SharedColumn.Of), Hashes(texts, batch.Length, hash)],
                batch.Length);
            done += batch.Length;
            context.Progress?.Invoke(new KernelProgress(done, 0, "items"));
        }
    }

    private static StringArray Hashes(StringArray[] texts, int n, ContentHash hash)
    {
        byte[] offsets = new byte[(n + 1) * sizeof(int)];
        byte[] hex = new byte[checked(n * HexLength)];
        Span<int> ends = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, int>(offsets.AsSpan());
        for (int i = 0; i < n; i++)
        {
            foreach (StringArray text in texts)
            {
                if (text.IsNull(i))
                {
                    hash.AddNull();
                }
                else
                {
                    hash.Add(text.GetBytes(i));
                }
            }

            hash.Finish(hex.AsSpan(i * HexLength, HexLength));
            ends[i + 1] = (i + 1) * HexLength;
        }

        return new StringArray(n, new ArrowBuffer(offsets), new ArrowBuffer(hex), ArrowBuffer.Empty);
    }

    private static StringArray Text(RecordBatch batch, string name) => Find(batch, name) as StringArray
        ?? throw new ArgumentException($"{Name}: {name} is {Find(batch, name).Data.DataType.Name}, not string");

    private static IArrowArray Find(RecordBatch batch, string name)
    {
        int at = batch.Schema.GetFieldIndex(name, StringComparer.Ordinal);
        return at >= 0
            ? batch.Column(at)
            : throw new ArgumentException($"{Name}: the input has no column '{name}'");
    }
}
