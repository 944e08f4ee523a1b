using OneRec.Alignment.Steps;
using OneRec.Pipeline.Compare;
using OneRec.Pipeline.Running;

namespace OneRec.Alignment.Compare;

/// <summary>A build without libtorch (<c>-p:Torch=none</c>): everything but what is trained can be compared.</summary>
public sealed class Learned : ILearned
{
    /// <inheritdoc/>
    public float[] Linear(float[] vectors, int d, IReadOnlyList<(int First, int Second)> pairs, IWork work) => throw AlignWork.NoTorch();

    /// <inheritdoc/>
    public (int[][] Codes, double[] Errors) RqVae(float[] vectors, int d, IReadOnlyList<int> sizes, IWork work) => throw AlignWork.NoTorch();
}
