using OneRec.Core;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Queries.Explain;

/// <summary>An item that is explained: its ID, its embedding, and how the embedding got its codes.</summary>
internal sealed class ExplainedItem
{
    private ExplainedItem(int place, object item, ItemState state, IdRow? row) => (Place, Item, State, Row) = (place, item, state, row);

    /// <summary>Its place among those asked for.</summary>
    public int Place { get; }

    /// <summary>Its id, long or string.</summary>
    public object Item { get; }

    /// <summary>What the tables hold of it.</summary>
    public ItemState State { get; }

    /// <summary>Its ID; null if it never had one under the codebook.</summary>
    public IdRow? Row { get; }

    /// <summary>The embedding that its ID was computed from; without an ID, that of its current content; null if it is not there.</summary>
    public float[]? Vector { get; private init; }

    /// <summary>The codes of its ID; without one, those that it would get; empty if that is not known.</summary>
    public IReadOnlyList<int> Codes { get; private init; } = [];

    /// <summary>How the embedding gets its codes; empty without embedding or codebook.</summary>
    public IReadOnlyList<LevelChoice> Choices { get; private init; } = [];

    /// <summary>One line: ID and title.</summary>
    public string Headline
    {
        get
        {
            string id = Row is null ? "no ID" : Row.DeletedAt is null ? $"{Row.Sid} slot {Row.Slot}" : $"{Row.Sid} slot {Row.Slot}, deleted";
            return State.Row?.Title is { } title ? $"{id}  {title}" : id;
        }
    }

    /// <summary>An item.</summary>
    /// <param name="place">Its place among those asked for.</param>
    /// <param name="item">Its id.</param>
    /// <param name="state">What the tables hold of it.</param>
    /// <param name="codebook">The codebook.</param>
    /// <param name="levels">Centroids by level; empty if the codebook is lost.</param>
    /// <exception cref="OneRecException">The embedding has another length than the centroids (exit 3).</exception>
    public static ExplainedItem Of(int place, object item, ItemState state, Codebook codebook, IReadOnlyList<float[]> levels)
    {
        IdRow? row = IdLineage.Chosen(state, codebook);
        float[]? vector = state.Embeddings
            .Where(e => row is not null ? e.EmbeddingHash == row.EmbeddingHash : e.ContentHash == state.Row?.ContentHash)
            .Select(e => e.Vector)
            .FirstOrDefault();
        IReadOnlyList<LevelChoice> choices = vector is null || levels.Count == 0 ? [] : Walk(item, vector, levels);
        return new ExplainedItem(place, item, state, row)
        {
            Vector = vector,
            Codes = row?.Codes ?? [.. choices.Select(c => c.Code)],
            Choices = choices,
        };
    }

    private static IReadOnlyList<LevelChoice> Walk(object item, float[] vector, IReadOnlyList<float[]> levels)
    {
        if (vector.Length == 0 || levels.Any(l => l.Length % vector.Length != 0) || !vector.All(float.IsFinite))
        {
            throw OneRecException.Input(
                "explain.embedding", $"item_embeddings: the embedding of item {item} does not fit the codebook; run 'onerec verify', then restore the table");
        }

        return LevelChoice.Walk(vector, levels);
    }
}
