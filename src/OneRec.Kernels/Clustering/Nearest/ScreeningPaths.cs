using System.Runtime.Intrinsics;

namespace OneRec.Kernels.Clustering.Nearest;

/// <summary>Which screening paths this machine has.</summary>
public static class ScreeningPaths
{
    /// <summary>Whether a path runs at speed here.</summary>
    public static bool IsSupported(ScreeningPath path) => path switch
    {
        ScreeningPath.Avx512 => Vector512.IsHardwareAccelerated,
        ScreeningPath.Avx2 => Vector256.IsHardwareAccelerated,
        _ => true,
    };

    /// <summary>A path by name, the automatic one resolved to the widest there is.</summary>
    public static ScreeningPath Resolve(ScreeningPath path) => path switch
    {
        ScreeningPath.Automatic when Vector512.IsHardwareAccelerated => ScreeningPath.Avx512,
        ScreeningPath.Automatic when Vector256.IsHardwareAccelerated => ScreeningPath.Avx2,
        ScreeningPath.Automatic => ScreeningPath.Portable,
        _ => path,
    };
}
