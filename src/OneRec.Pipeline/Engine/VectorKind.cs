namespace OneRec.Pipeline.Engine;

/// <summary>How a source of vectors holds its values, and how they travel to kernels.</summary>
public enum VectorKind
{
    /// <summary>Lists of float.</summary>
    Floats,

    /// <summary>Lists of float16 (Parquet's FLOAT16). The local engine alone reads them: Spark knows no such type.</summary>
    Halves,

    /// <summary>
    /// Bytes of float16, little-endian and row-major, with the columns <see cref="VectorSource.CountColumn"/> and
    /// <see cref="VectorSource.LengthColumn"/>.
    /// </summary>
    HalfBytes,
}
