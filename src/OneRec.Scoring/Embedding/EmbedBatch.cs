using System.Numerics;
using Apache.Arrow;
using OneRec.Kernels.Batches;
using OneRec.Scoring.Images;

namespace OneRec.Scoring.Embedding;

/// <summary>The input columns of a batch that the blocks need, held until all its chunks are done.</summary>
internal sealed class EmbedBatch : IDisposable
{
    private readonly Dictionary<string, StringArray> _texts = new(StringComparer.Ordinal);
    private readonly List<IArrowArray> _held = [];
    private int _left;
    private int _disposed;

    /// <summary>Retains the columns that the blocks need.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="folder">Reads the image files that rows name; null if no block needs images.</param>
    public EmbedBatch(RecordBatch batch, IReadOnlyList<EmbedBlock> blocks, ImageFolder? folder)
    {
        Count = batch.Length;
        Ids = Column(batch, "item_id");
        Hashes = Text(batch, "content_hash");
        foreach (TextField field in blocks.OfType<TextBlock>().SelectMany(b => b.Fields))
        {
            if (!_texts.ContainsKey(field.Name))
            {
                _texts.Add(field.Name, Text(batch, field.Name));
            }
        }

        Tokens = blocks.OfType<TokenBlock>().FirstOrDefault() is { } tokens ? TokensOf(batch, tokens) : null;
        Images = blocks.OfType<ImageBlock>().FirstOrDefault() is { } images ? ImageColumn.Of(Column(batch, images.Column), folder!) : null;
        Bytes = _held.Sum(a => BytesOf(a.Data));
    }

    /// <summary>Whether the columns are released.</summary>
    public bool IsDisposed => _disposed == 1;

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Bytes of the columns held.</summary>
    public long Bytes { get; }

    /// <summary>Column <c>item_id</c>.</summary>
    public IArrowArray Ids { get; }

    /// <summary>Column <c>content_hash</c>.</summary>
    public StringArray Hashes { get; }

    /// <summary>The column of token vectors; null if no block needs it.</summary>
    public TokenColumn? Tokens { get; }

    /// <summary>The column of images; null if no block needs it.</summary>
    public ImageColumn? Images { get; }

    /// <summary>A row's text in a field; empty if null.</summary>
    public string Field(string name, int row) => _texts[name].GetString(row) ?? "";

    /// <summary>A row's id as text, for messages.</summary>
    public string IdText(int row) => Ids switch
    {
        Int64Array whole => $"{whole.GetValue(row)}",
        StringArray text => text.GetString(row) ?? "null",
        _ => throw new InvalidOperationException("the type was checked when the output was started"),
    };

    /// <summary>Splits the rows into chunks; call <see cref="Done"/> after each.</summary>
    public IReadOnlyList<EmbedChunk> Chunks(int size)
    {
        EmbedChunk[] chunks =
        [
            .. Enumerable.Range(0, (Count + size - 1) / size)
                .Select(i => new EmbedChunk(this, i * size, Math.Min(size, Count - (i * size)))),
        ];
        _left = chunks.Length;
        if (chunks.Length == 0)
        {
            Dispose();
        }

        return chunks;
    }

    /// <summary>Marks a chunk as done; the last one releases the columns.</summary>
    public void Done()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            Dispose();
        }
    }

    /// <summary>Releases the columns; the caller ensures that no chunk is in use.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _held.ForEach(a => (a as IDisposable)?.Dispose());
        }
    }

    private static long BytesOf(ArrayData data) =>
        data.Buffers.Sum(b => (long)b.Length) + (data.Children?.Sum(BytesOf) ?? 0);

    private IArrowArray Column(RecordBatch batch, string name)
    {
        int index = batch.Schema.GetFieldIndex(name);
        if (index < 0)
        {
            throw new ArgumentException($"embed: no input column '{name}'", nameof(name));
        }

        IArrowArray column = SharedColumn.Of(batch.Column(index));
        _held.Add(column);
        return column;
    }

    // Retains all columns that a column of tokens needs, under the same names.
    private TokenColumn TokensOf(RecordBatch batch, TokenBlock block)
    {
        string[] names = [.. TokenColumn.Names(block.Column).Where(name => batch.Schema.GetFieldIndex(name) >= 0)];
        IArrowArray[] columns = [.. names.Select(name => Column(batch, name))];
        Field[] fields = [.. names.Zip(columns, (name, column) => new Field(name, column.Data.DataType, nullable: true))];
        return TokenColumn.Of(new RecordBatch(new Schema(fields, null), columns, batch.Length), block.Column);
    }

    private StringArray Text(RecordBatch batch, string name) => Column(batch, name) as StringArray
        ?? throw new ArgumentException($"embed: input column '{name}' is not a string", nameof(name));
}

/// <summary>The result of one row, except for its vector.</summary>
/// <param name="BlocksMissing">A bit for each block without data; bit 0 is the first block.</param>
/// <param name="Problem">Why there is no embedding; null if there is one.</param>
internal readonly record struct EmbedRow(int BlocksMissing, string? Problem)
{
    /// <summary>A row without a problem of its own: it has none unless all blocks are without data.</summary>
    /// <param name="missing">A bit for each block without data.</param>
    /// <param name="sources">The blocks.</param>
    public static EmbedRow Of(int missing, BlockSource[] sources) =>
        BitOperations.PopCount((uint)missing) == sources.Length
            ? new EmbedRow(missing, $"nothing to embed: no {string.Join(" and no ", sources.Select(s => s.Description))}")
            : new EmbedRow(missing, null);

    /// <summary>A row of token vectors.</summary>
    /// <param name="blocks">The token vectors by block.</param>
    /// <param name="row">Index of the row.</param>
    /// <param name="sources">The blocks.</param>
    public static EmbedRow Of(TokenRows[] blocks, int row, BlockSource[] sources)
    {
        int missing = 0;
        for (int b = 0; b < blocks.Length; b++)
        {
            if (blocks[b].Problem(row) is { } problem)
            {
                return new EmbedRow(missing, problem);
            }

            missing |= blocks[b].Vectors(row).IsEmpty ? 1 << b : 0;
        }

        return Of(missing, sources);
    }
}

/// <summary>Some rows of a batch, processed by one thread.</summary>
/// <param name="Input">The batch; it lives until its last chunk is done.</param>
/// <param name="Start">The first row.</param>
/// <param name="Count">Number of rows, at least 1.</param>
internal sealed record EmbedChunk(EmbedBatch Input, int Start, int Count)
{
    /// <summary>Bytes of the rows, estimated from the batch's mean row.</summary>
    public long Bytes => Input.Bytes * Count / Input.Count;
}
