namespace OneRec.Kernels.Similarity;

/// <summary>What one thread of <see cref="SwingMethod.PerTarget"/> works in.</summary>
internal sealed class SwingScratch(SwingGraph graph, double alpha2)
{
    /// <summary>The neighbourhood of the target at hand.</summary>
    public SwingTarget Target { get; } = new(graph, alpha2);

    /// <summary>[users of the target or more], all 0 between calls.</summary>
    public int[] Count { get; private set; } = [];

    /// <summary>[users of the target + 1 or more].</summary>
    public int[] Touched { get; private set; } = [];

    /// <summary>[users of the target or more].</summary>
    public double[] Terms { get; private set; } = [];

    /// <summary>Makes room for a target of so many users.</summary>
    public void Fit(int users)
    {
        if (Count.Length < users)
        {
            int length = (int)Math.Min(2L * users, Math.Max(users, graph.Users));
            Count = new int[length];
            Touched = new int[length + 1];
            Terms = new double[length];
        }
    }
}
