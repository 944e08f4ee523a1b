using Apache.Arrow;
using OneRec.Kernels.Batches;

namespace OneRec.Scoring.Embedding;

/// <summary>The input columns of a batch as the blocks name them, held until all its chunks are done.</summary>
internal sealed class EmbedBatch : IDisposable
{
    private readonly Dictionary<string, StringArray> _texts = new(StringComparer.Ordinal);
    private readonly List<IArrowArray> _held = [];
    private int _left;
    private int _disposed;

    /// <summary>Takes a handle of its own on the columns that the blocks need.</summary>
    public EmbedBatch(RecordBatch batch, IReadOnlyList<EmbedBlock> blocks)
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
        Images = blocks.OfType<ImageBlock>().FirstOrDefault() is { } images ? ImageColumn.Of(Column(batch, images.Column), images.Root) : null;
        Bytes = _held.Sum(a => BytesOf(a.Data));
    }

    /// <summary>Whether the columns are let go.</summary>
    public bool IsDisposed => _disposed == 1;

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Bytes of the columns held.</summary>
    public long Bytes { get; }

    /// <summary>Column <c>item_id</c>.</summary>
    public IArrowArray Ids { get; }

    /// <summary>Column <c>content_hash</c>.</summary>
    public StringArray Hashes { get; }

    /// <summary>The column of vectors; null where no block asks for it.</summary>
    public TokenColumn? Tokens { get; }

    /// <summary>The column of images; null where no block asks for it.</summary>
    public ImageColumn? Images { get; }

    /// <summary>A row's text in a field; empty where null.</summary>
    public string Field(string name, int row) => _texts[name].GetString(row) ?? "";

    /// <summary>A row's id as text, for messages.</summary>
    public string IdText(int row) => Ids switch
    {
        Int64Array whole => $"{whole.GetValue(row)}",
        StringArray text => text.GetString(row) ?? "null",
        _ => throw new InvalidOperationException("checked when output was begun"),
    };

    /// <summary>Cuts the rows into chunks; after each of them <see cref="Done"/> is to be called.</summary>
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

    /// <summary>Says that a chunk is done; the last one lets the columns go.</summary>
    public void Done()
    {
        if (Interlocked.Decrement(ref _left) == 0)
        {
            Dispose();
        }
    }

    /// <summary>Lets the columns go; whoever calls it sees to it that no chunk is being worked on.</summary>
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

    // Handles on all that a column of tokens needs, under the same names.
    private TokenColumn TokensOf(RecordBatch batch, TokenBlock block)
    {
        string[] names = [.. TokenColumn.Names(block.Column).Where(name => batch.Schema.GetFieldIndex(name) >= 0)];
        IArrowArray[] columns = [.. names.Select(name => Column(batch, name))];
        Field[] fields = [.. names.Zip(columns, (name, column) => new Field(name, column.Data.DataType, nullable: true))];
        return TokenColumn.Of(new RecordBatch(new Schema(fields, null), columns, batch.Length), block.Column);
    }

    private StringArray Text(RecordBatch batch, string name) => Column(batch, name) as StringArray
        ?? throw new ArgumentException($"embed: input column '{name}' is no string", nameof(name));
}
