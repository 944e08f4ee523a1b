using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.Kernels.Hashing;

/// <summary>Adds to each catalogue row a hash that shows whether the item's content changed (<see cref="ContentHash"/>).</summary>
/// <remarks>
/// Input columns by name: <c>item_id</c> (BIGINT or STRING), and the nullable strings <c>title</c>, <c>caption</c>,
/// <c>tags</c>, <c>asr</c>, <c>ocr</c>, <c>tokens_version</c>, <c>images_version</c>; others are ignored. Output columns
/// in order: <c>item_id</c>, <c>title</c>, <c>caption</c>, <c>tags</c>, <c>asr</c>, <c>ocr</c>, <c>content_hash</c>.
/// Rows are independent: one output batch per input batch, with the rows in the same order.
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

    /// <summary>A call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>: int64 or string.</param>
    public static KernelCall Call(IArrowType id) => new(Name, [], Output(id));

    /// <summary>Creates the kernel.</summary>
    /// <param name="parameters">Must be empty.</param>
    /// <exception cref="ArgumentException">A parameter was given.</exception>
    public static ContentHashKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return parameters.Count == 0
            ? new ContentHashKernel()
            : throw new ArgumentException($"{Name} has no parameter '{parameters.First().Key}'", nameof(parameters));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">An input column is missing or has the wrong type.</exception>
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

/// <summary>
/// The hash of an item's content: SHA-256 over its fields in order. Each field is hashed as an 8-byte little-endian length
/// and its UTF-8 bytes, a null field as the length -1 alone. Lower-case hex.
/// </summary>
/// <remarks>The lengths make the encoding injective: no two field lists share one, and null differs from empty. Not thread-safe.</remarks>
public sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a non-null field.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        AddLength(utf8.Length);
        _sha.AppendData(utf8);
    }

    /// <summary>Adds a null field.</summary>
    public void AddNull() => AddLength(-1);

    /// <summary>Writes the hash of the fields added since the last call, and resets.</summary>
    /// <param name="hex">Out, 64 ASCII bytes.</param>
    /// <exception cref="ArgumentException">The span is not 64 bytes long.</exception>
    public void Finish(Span<byte> hex)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (hex.Length != 2 * digest.Length)
        {
            throw new ArgumentException($"the span has {hex.Length} bytes, but the hash has 64 characters", nameof(hex));
        }

        _sha.GetHashAndReset(digest);
        Convert.TryToHexStringLower(digest, hex, out _);
    }

    /// <inheritdoc/>
    public void Dispose() => _sha.Dispose();

    private void AddLength(long length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        _sha.AppendData(bytes);
    }
}
