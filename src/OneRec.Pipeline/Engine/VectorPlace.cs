namespace OneRec.Pipeline.Engine;

/// <summary>A row of a source of vectors: places are ordered as the source is read.</summary>
/// <param name="File">The file's number in the source.</param>
/// <param name="Row">The row's number in the file, below 2^40.</param>
public readonly record struct VectorPlace(int File, long Row)
{
    private const int RowBits = 40;

    /// <summary>The place as one number, which <see cref="VectorSource.PlaceColumn"/> holds.</summary>
    public long Number => ((long)File << RowBits) | Row;

    /// <summary>The place of a number.</summary>
    public static VectorPlace Of(long number) => new((int)(number >> RowBits), number & ((1L << RowBits) - 1));
}
