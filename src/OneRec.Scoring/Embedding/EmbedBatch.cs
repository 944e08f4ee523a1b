using Apache.Arrow;

namespace OneRec.Scoring.Embedding;

/// <summary>The input columns of a batch as the blocks name them.</summary>
internal sealed class EmbedBatch
{
    private readonly Dictionary<string, StringArray> _texts = new(StringComparer.Ordinal);

    public EmbedBatch(RecordBatch batch, IReadOnlyList<EmbedBlock> blocks)
    {
        Count = batch.Length;
        Ids = Column(batch, "item_id");
        Hashes = Text(batch, "content_hash");
        foreach (TextField field in blocks.OfType<TextBlock>().SelectMany(b => b.Fields))
        {
            _texts.TryAdd(field.Name, Text(batch, field.Name));
        }

        Tokens = blocks.OfType<TokenBlock>().FirstOrDefault() is { } block ? TokenColumn.Of(batch, block.Column) : null;
    }

    /// <summary>Rows.</summary>
    public int Count { get; }

    /// <summary>Column <c>item_id</c>.</summary>
    public IArrowArray Ids { get; }

    /// <summary>Column <c>content_hash</c>.</summary>
    public StringArray Hashes { get; }

    /// <summary>The column of vectors; null where no block asks for it.</summary>
    public TokenColumn? Tokens { get; }

    /// <summary>A row's text in a field; empty where null.</summary>
    public string Field(string name, int row) => _texts[name].GetString(row) ?? "";

    /// <summary>A row's id as text, for messages.</summary>
    public string IdText(int row) => Ids switch
    {
        Int64Array whole => $"{whole.GetValue(row)}",
        StringArray text => text.GetString(row) ?? "null",
        _ => throw new InvalidOperationException("checked when output was begun"),
    };

    private static IArrowArray Column(RecordBatch batch, string name)
    {
        int index = batch.Schema.GetFieldIndex(name);
        return index >= 0 ? batch.Column(index) : throw new ArgumentException($"embed: no input column '{name}'", nameof(name));
    }

    private static StringArray Text(RecordBatch batch, string name) => Column(batch, name) as StringArray
        ?? throw new ArgumentException($"embed: input column '{name}' is no string", nameof(name));
}
