namespace OneRec.Kernels.Clustering.Nearest;

/// <summary>The instructions that screening uses. The results are the same by every path.</summary>
public enum ScreeningPath
{
    /// <summary>The widest that this machine has.</summary>
    Automatic,

    /// <summary>512-bit vectors.</summary>
    Avx512,

    /// <summary>256-bit vectors.</summary>
    Avx2,

    /// <summary>128-bit vectors, which every machine has or .NET makes up for.</summary>
    Portable,
}
