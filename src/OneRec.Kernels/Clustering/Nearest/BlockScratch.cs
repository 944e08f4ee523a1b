using System.Runtime.InteropServices;

namespace OneRec.Kernels.Clustering.Nearest;

/// <summary>The scratch memory of one worker: a block of rows packed by tile, their squared norms and running states.</summary>
internal sealed unsafe class BlockScratch : SafeHandle
{
    /// <summary>Allocates memory for a block.</summary>
    /// <param name="rows">Rows per block.</param>
    /// <param name="dims">Dimensions of a row.</param>
    /// <param name="lanes">Lanes of the tile.</param>
    public BlockScratch(int rows, int dims, int lanes)
        : base(IntPtr.Zero, ownsHandle: true)
    {
        long packed = Rounded((long)rows * dims);
        long states = Rounded((long)rows * 3 * lanes);
        handle = (IntPtr)NativeMemory.AlignedAlloc((nuint)((packed + states + Rounded(rows)) * sizeof(float)), 4096);
        Packed = (float*)handle;
        States = Packed + packed;
        Squares = States + states;
    }

    /// <summary>[tiles, dims, tile rows].</summary>
    public float* Packed { get; }

    /// <summary>[rows, 3, lanes].</summary>
    public float* States { get; }

    /// <summary>[rows] sums of squares of the packed rows.</summary>
    public float* Squares { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == IntPtr.Zero;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }

    private static long Rounded(long floats) => (floats + 15) / 16 * 16;
}
