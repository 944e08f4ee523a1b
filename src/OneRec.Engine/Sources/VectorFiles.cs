using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Engine.Sources;

/// <summary>Given token vectors keyed by <c>item_id</c>, read by row slices and never through SQL.</summary>
/// <param name="Files">Parquet files in lexicographic order, all of one kind.</param>
/// <param name="Column">
/// The column to attach: <c>tokens</c>, array&lt;array&lt;float&gt;&gt; or binary, or <c>embedding</c>, array&lt;float&gt;
/// (one vector an item, attached as a list of one).
/// </param>
/// <param name="Kind">What the values are.</param>
public sealed record VectorFiles(IReadOnlyList<string> Files, string Column, VectorKind Kind = VectorKind.Floats)
{
    /// <summary>Beside bytes: vectors of the row, an integer.</summary>
    public const string CountColumn = "n_tokens";

    /// <summary>Beside bytes: values of each vector of the row, an integer.</summary>
    public const string LengthColumn = "dim";

    /// <summary>
    /// Where a row's vectors lie in the source (a <see cref="VectorPlace"/> as long; null: it has none), as
    /// <see cref="IQueryEngine.VectorPlaces"/> tells.
    /// Ordering rows by it lets an engine read a part of them from a part of the source.
    /// </summary>
    public const string PlaceColumn = "vector_place";

    /// <summary>The columns of <see cref="IQueryEngine.VectorPlaces"/>.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    public static Schema Places(IArrowType id) => new(
        [new Field("item_id", id, nullable: false), new Field(PlaceColumn, Int64Type.Default, nullable: false)], null);
}

/// <summary>How a source of vectors holds its values, and how they travel to kernels.</summary>
public enum VectorKind
{
    /// <summary>Lists of float.</summary>
    Floats,

    /// <summary>Lists of float16 (Parquet's FLOAT16). The local engine alone reads them: Spark knows no such type.</summary>
    Halves,

    /// <summary>
    /// Bytes of float16, little-endian and row-major, with the columns <see cref="VectorFiles.CountColumn"/> and
    /// <see cref="VectorFiles.LengthColumn"/>.
    /// </summary>
    HalfBytes,
}

/// <summary>A row of a source of vectors: places are ordered as the source is read.</summary>
/// <param name="File">The file's number in the source.</param>
/// <param name="Row">The row's number in the file, below 2^40.</param>
public readonly record struct VectorPlace(int File, long Row)
{
    private const int RowBits = 40;

    /// <summary>The place as one number, which <see cref="VectorFiles.PlaceColumn"/> holds.</summary>
    public long Number => ((long)File << RowBits) | Row;

    /// <summary>The place of a number.</summary>
    public static VectorPlace Of(long number) => new((int)(number >> RowBits), number & ((1L << RowBits) - 1));
}
