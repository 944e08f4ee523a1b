using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Engine.Sources;

/// <summary>The user's token vectors, keyed by item; read by row slices, never through SQL.</summary>
/// <param name="Files">Parquet files in lexicographic order, all of one kind; or a NumPy matrix (<see cref="IdFile"/>).</param>
/// <param name="Column">The column to attach: several vectors per item, or one (<see cref="IsSingle"/>).</param>
/// <param name="Kind">The type of the values.</param>
public sealed record VectorFiles(IReadOnlyList<string> Files, string Column, VectorKind Kind = VectorKind.Floats)
{
    /// <summary>The column of item ids in the files.</summary>
    public string IdColumn { get; init; } = "item_id";

    /// <summary>Whether a row has one vector, attached as a list of one; otherwise a list of vectors, or bytes.</summary>
    public bool IsSingle { get; init; }

    /// <summary>
    /// The file of ids beside one NumPy matrix, which the only file of the source then is: an array of them, or lines of text. Null: the files are
    /// Parquet.
    /// </summary>
    public string? IdFile { get; init; }

    /// <summary>Whether rows without an id are left out; otherwise they are an error.</summary>
    public bool LeavesOutNullIds { get; init; }

    /// <summary>With bytes: the number of vectors of the row, an integer.</summary>
    public const string CountColumn = "n_tokens";

    /// <summary>With bytes: the number of values of each vector of the row, an integer.</summary>
    public const string LengthColumn = "dim";

    /// <summary>
    /// The place of a row's vectors in the source (a <see cref="VectorPlace"/> as long; null if it has none), from
    /// <c>IQueryEngine.VectorPlaces</c>. If rows are ordered by it, a slice of rows needs only a slice of the source.
    /// </summary>
    public const string PlaceColumn = "vector_place";

    /// <summary>The columns of <c>IQueryEngine.VectorPlaces</c>.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    public static Schema Places(IArrowType id) => new(
        [new Field("item_id", id, nullable: false), new Field(PlaceColumn, Int64Type.Default, nullable: false)], null);
}

/// <summary>How a source of vectors stores its values, and how they are passed to kernels.</summary>
public enum VectorKind
{
    /// <summary>Lists of float.</summary>
    Floats,

    /// <summary>Lists of double, rounded to float as they are read.</summary>
    Doubles,

    /// <summary>Lists of float16 (Parquet's FLOAT16). Local engine only: Spark has no such type.</summary>
    Halves,

    /// <summary>
    /// Bytes of float16, little-endian and row-major, with the columns <see cref="VectorFiles.CountColumn"/> and
    /// <see cref="VectorFiles.LengthColumn"/>.
    /// </summary>
    HalfBytes,
}

/// <summary>The place of a row in a source of vectors. Places are ordered as the source is read.</summary>
/// <param name="File">The index of the file in the source.</param>
/// <param name="Row">The index of the row in the file, below 2^40.</param>
public readonly record struct VectorPlace(int File, long Row)
{
    private const int RowBits = 40;

    /// <summary>The place as one number, the value of <see cref="VectorFiles.PlaceColumn"/>.</summary>
    public long Number => ((long)File << RowBits) | Row;

    /// <summary>The place of a number.</summary>
    public static VectorPlace Of(long number) => new((int)(number >> RowBits), number & ((1L << RowBits) - 1));
}
