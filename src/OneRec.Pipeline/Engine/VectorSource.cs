using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Pipeline.Engine;

/// <summary>Given token vectors keyed by <c>item_id</c>, read by row slices and never through SQL.</summary>
/// <param name="Files">Parquet files in lexicographic order, all of one kind.</param>
/// <param name="Column">
/// The column to attach: <c>tokens</c>, array&lt;array&lt;float&gt;&gt; or binary, or <c>embedding</c>, array&lt;float&gt;
/// (one vector an item, attached as a list of one).
/// </param>
/// <param name="Kind">What the values are.</param>
public sealed record VectorSource(IReadOnlyList<string> Files, string Column, VectorKind Kind = VectorKind.Floats)
{
    /// <summary>Beside bytes: vectors of the row, an integer.</summary>
    public const string CountColumn = "n_tokens";

    /// <summary>Beside bytes: values of each vector of the row, an integer.</summary>
    public const string LengthColumn = "dim";

    /// <summary>
    /// Where a row's vectors lie in the source (a <see cref="VectorPlace"/> as long; null: it has none), as
    /// <see cref="IEngine.VectorPlaces"/> tells.
    /// Ordering rows by it lets an engine read a part of them from a part of the source.
    /// </summary>
    public const string PlaceColumn = "vector_place";

    /// <summary>The columns of <see cref="IEngine.VectorPlaces"/>.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    public static Schema Places(IArrowType id) => new(
        [new Field("item_id", id, nullable: false), new Field(PlaceColumn, Int64Type.Default, nullable: false)], null);
}
