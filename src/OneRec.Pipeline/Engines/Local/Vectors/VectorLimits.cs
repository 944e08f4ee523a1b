namespace OneRec.Pipeline.Engines.Local.Vectors;

/// <summary>How much a batch of vectors holds, by the rows' own sizes.</summary>
/// <param name="Usual">A batch is handed on once it holds as many bytes.</param>
/// <param name="Most">No batch of several rows holds more; a row that would make it more is a batch of its own.</param>
/// <param name="Item">Bytes of one row, at most what an array can hold.</param>
internal sealed record VectorLimits(long Usual, long Most, int Item)
{
    /// <summary>
    /// 12 MiB, so that the 16 MiB that are set aside do for most; 64 MiB, what a batch at the seam may hold at most;
    /// 2 GiB.
    /// </summary>
    public static VectorLimits Default { get; } = new(12L << 20, 64L << 20, System.Array.MaxLength);
}
