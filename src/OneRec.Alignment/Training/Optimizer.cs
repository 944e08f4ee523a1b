using OneRec.Alignment.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OneRec.Alignment.Training;

/// <summary>AdamW (Loshchilov, Hutter, ICLR 2019) over all weights, with the gradient's norm clipped.</summary>
/// <remarks>Not TorchSharp's own, which takes numbers that the garbage collector may free (<see cref="Scalars"/>).</remarks>
internal sealed class Optimizer : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.98;
    private const double Epsilon = 1e-8;

    private readonly IReadOnlyList<Parameter> _weights;
    private readonly Tensor[] _means;
    private readonly Tensor[] _squares;
    private readonly double _decay;
    private readonly double _clip;

    /// <summary>Starts without moments.</summary>
    /// <param name="weights">All weights, in the order of the gradients.</param>
    /// <param name="decay">Weight decay of matrices; gains and vectors have none.</param>
    /// <param name="clip">The greatest norm of a gradient.</param>
    public Optimizer(IReadOnlyList<Parameter> weights, double decay, double clip)
    {
        (_weights, _decay, _clip) = (weights, decay, clip);
        _means = [.. weights.Select(w => zeros(w.shape).DetachFromDisposeScope())];
        _squares = [.. weights.Select(w => zeros(w.shape).DetachFromDisposeScope())];
    }

    /// <summary>Applies gradients.</summary>
    /// <param name="gradients">In the order of the weights; null for none.</param>
    /// <param name="rate">Learning rate.</param>
    /// <param name="step">Number of the step, from 0.</param>
    /// <returns>The norm of the whole gradient before clipping; if it is not finite, nothing was changed.</returns>
    public double Apply(IReadOnlyList<Tensor?> gradients, double rate, int step)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable plain = no_grad();
        double norm = Math.Sqrt(gradients.Sum(g => g is null ? 0 : (double)Scalars.Value((g * g).sum())));
        if (!double.IsFinite(norm))
        {
            return norm;
        }

        // The moments start at 0; both are corrected for it at once in the rate and in epsilon.
        double second = Math.Sqrt(1 - Math.Pow(Beta2, step + 1));
        Tensor clip = Scalars.Changing(norm > _clip ? _clip / norm : 1);
        Tensor move = Scalars.Changing(-rate * second / (1 - Math.Pow(Beta1, step + 1)));
        Tensor epsilon = Scalars.Changing(Epsilon * second);
        Tensor keep = Scalars.Changing(1 - (rate * _decay));
        for (int i = 0; i < _weights.Count; i++)
        {
            if (gradients[i] is { } whole)
            {
                Update(i, whole * clip, move, epsilon, keep);
            }
        }

        return norm;
    }

    /// <summary>The moments, for <see cref="Load"/>.</summary>
    public IReadOnlyList<float[]> Save() => [.. _means.Concat(_squares).Select(m => m.data<float>().ToArray())];

    /// <summary>Takes up saved moments.</summary>
    public void Load(IReadOnlyList<float[]> moments)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(moments.Count, 2 * _weights.Count);
        for (int i = 0; i < moments.Count; i++)
        {
            Tensor own = i < _weights.Count ? _means[i] : _squares[i - _weights.Count];
            using Tensor saved = tensor(moments[i], own.shape);
            own.copy_(saved);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Array.ForEach(_means, m => m.Dispose());
        Array.ForEach(_squares, m => m.Dispose());
    }

    private void Update(int i, Tensor gradient, Tensor move, Tensor epsilon, Tensor keep)
    {
        _means[i].mul_(Scalars.Of(Beta1)).PlusInPlace(gradient.mul(Scalars.Of(1 - Beta1)));
        _squares[i].mul_(Scalars.Of(Beta2)).PlusInPlace((gradient * gradient).mul(Scalars.Of(1 - Beta2)));
        if (_weights[i].shape.Length > 1)
        {
            _weights[i].mul_(keep);
        }

        _weights[i].PlusInPlace(_means[i] / _squares[i].sqrt().Plus(epsilon) * move);
    }
}
