using System.Runtime.InteropServices;

namespace OneRec.Kernels.Clustering.Nearest;

/// <summary>Centroids minus their mean, packed in panels for one tile type, with the norm that the screening bound needs.</summary>
internal sealed unsafe class PackedCentroids : SafeHandle
{
    /// <summary>Packs centroids.</summary>
    /// <param name="centroids">[k, dims] row-major, finite.</param>
    /// <param name="dims">Dimensions of a centroid.</param>
    /// <param name="width">Codes per panel.</param>
    public PackedCentroids(ReadOnlySpan<float> centroids, int dims, int width)
        : base(IntPtr.Zero, ownsHandle: true)
    {
        int k = centroids.Length / dims;
        Dims = dims;
        Width = width;
        Panels = (k + width - 1) / width;
        PanelFloats = checked(width * (dims + 1));
        Center = Mean(centroids, k, dims);
        handle = (IntPtr)NativeMemory.AlignedAlloc((nuint)Panels * (nuint)PanelFloats * sizeof(float), 4096);
        double greatest = 0;
        for (int code = 0; code < Panels * width; code++)
        {
            float* panel = Panel(code / width) + (code % width);
            double squares = code < k ? Pack(panel, centroids.Slice(code * dims, dims)) : PackPadding(panel);
            greatest = Math.Max(greatest, squares);
        }

        Norm = Math.Sqrt(greatest);
    }

    /// <summary>Dimensions of a centroid.</summary>
    public int Dims { get; }

    /// <summary>Codes per panel.</summary>
    public int Width { get; }

    /// <summary>Number of panels.</summary>
    public int Panels { get; }

    /// <summary>Floats per panel.</summary>
    public int PanelFloats { get; }

    /// <summary>[dims] the centroids' mean, which is subtracted. That keeps the norms, and so the bound, small.</summary>
    public float[] Center { get; }

    /// <summary>The maximum norm of a packed centroid.</summary>
    public double Norm { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => handle == IntPtr.Zero;

    /// <summary>A panel: [1 + dims, Width].</summary>
    public float* Panel(int panel) => (float*)handle + ((long)panel * PanelFloats);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        NativeMemory.AlignedFree((void*)handle);
        return true;
    }

    private static float[] Mean(ReadOnlySpan<float> centroids, int k, int dims)
    {
        var sum = new double[dims];
        for (int code = 0; code < k; code++)
        {
            ReadOnlySpan<float> centroid = centroids.Slice(code * dims, dims);
            for (int t = 0; t < dims; t++)
            {
                sum[t] += centroid[t];
            }
        }

        return [.. sum.Select(s => (float)(s / k))];
    }

    private double Pack(float* panel, ReadOnlySpan<float> centroid)
    {
        double squares = 0;
        for (int t = 0; t < Dims; t++)
        {
            float value = centroid[t] - Center[t];
            panel[(t + 1) * Width] = value;
            squares += (double)value * value;
        }

        *panel = (float)(-squares / 2);
        return squares;
    }

    // A padding code: its score is minus infinity, so no row ever takes it.
    private double PackPadding(float* panel)
    {
        for (int t = 0; t < Dims; t++)
        {
            panel[(t + 1) * Width] = 0;
        }

        *panel = float.NegativeInfinity;
        return 0;
    }
}
