using System.Runtime.Intrinsics;

namespace OneRec.Kernels.Clustering.Nearest;

/// <summary>The instruction set that screening uses. Results are the same for all.</summary>
public enum ScreeningPath
{
    /// <summary>The widest this machine supports.</summary>
    Automatic,

    /// <summary>512-bit vectors.</summary>
    Avx512,

    /// <summary>256-bit vectors.</summary>
    Avx2,

    /// <summary>128-bit vectors, native or emulated by .NET on every machine.</summary>
    Portable,
}

/// <summary>Which screening paths this machine supports.</summary>
public static class ScreeningPaths
{
    /// <summary>Whether a path is hardware-accelerated on this machine.</summary>
    public static bool IsSupported(ScreeningPath path) => path switch
    {
        ScreeningPath.Avx512 => Vector512.IsHardwareAccelerated,
        ScreeningPath.Avx2 => Vector256.IsHardwareAccelerated,
        _ => true,
    };

    /// <summary>Resolves <see cref="ScreeningPath.Automatic"/> to the widest supported path.</summary>
    public static ScreeningPath Resolve(ScreeningPath path) => path switch
    {
        ScreeningPath.Automatic when Vector512.IsHardwareAccelerated => ScreeningPath.Avx512,
        ScreeningPath.Automatic when Vector256.IsHardwareAccelerated => ScreeningPath.Avx2,
        ScreeningPath.Automatic => ScreeningPath.Portable,
        _ => path,
    };
}
