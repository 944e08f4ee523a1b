using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OneRec.Alignment.Training;

/// <summary>AdamW (Loshchilov, Hutter, ICLR 2019) over all weights, with the gradient's norm clipped.</summary>
internal sealed class Optimizer : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.98;

    private readonly IReadOnlyList<Parameter> _weights;
    private readonly AdamW _adam;
    private readonly double _clip;

    /// <summary>Starts without moments.</summary>
    /// <param name="weights">All weights, in the order of the gradients.</param>
    /// <param name="decay">Weight decay of matrices; gains and vectors have none.</param>
    /// <param name="clip">The greatest norm of a gradient.</param>
    public Optimizer(IReadOnlyList<Parameter> weights, double decay, double clip)
    {
        _weights = weights;
        _clip = clip;
        var groups = new List<AdamW.ParamGroup>();
        foreach (IGrouping<bool, Parameter> group in weights.GroupBy(w => w.shape.Length > 1).OrderBy(g => g.Key))
        {
            groups.Add(new AdamW.ParamGroup(
                group, new AdamW.Options { weight_decay = group.Key ? decay : 0, beta1 = Beta1, beta2 = Beta2, eps = 1e-8, LearningRate = 1, InitialLearningRate = 1 }));
        }

        _adam = optim.AdamW(groups, 1, Beta1, Beta2);
    }

    /// <summary>Applies gradients, and disposes them.</summary>
    /// <param name="gradients">In the order of the weights; null for none.</param>
    /// <param name="rate">Learning rate.</param>
    /// <returns>The norm of the whole gradient before clipping.</returns>
    public double Apply(IReadOnlyList<Tensor?> gradients, double rate)
    {
        using DisposeScope scope = NewDisposeScope();
        double square = gradients.Sum(g => g is null ? 0 : g.square().sum(ScalarType.Float64).item<double>());
        double norm = Math.Sqrt(square);
        if (!double.IsFinite(norm))
        {
            return norm;
        }

        double factor = norm > _clip ? _clip / norm : 1;
        for (int i = 0; i < _weights.Count; i++)
        {
            _weights[i].grad = gradients[i] is { } gradient ? gradient.mul(factor).DetachFromDisposeScope() : null;
        }

        foreach (optim.ILearningRateController group in _adam.ParamGroups)
        {
            group.LearningRate = rate;
        }

        _adam.step();
        foreach (Parameter weight in _weights)
        {
            using Tensor? used = weight.grad;
            weight.grad = null;
        }

        return norm;
    }

    /// <summary>The moments, for <see cref="Load"/>.</summary>
    public byte[] Save()
    {
        using var bytes = new MemoryStream();
        using (var writer = new BinaryWriter(bytes))
        {
            _adam.save_state_dict(writer);
        }

        return bytes.ToArray();
    }

    /// <summary>Takes up saved moments.</summary>
    public void Load(byte[] moments)
    {
        using var reader = new BinaryReader(new MemoryStream(moments));
        _adam.load_state_dict(reader);
    }

    /// <inheritdoc/>
    public void Dispose() => _adam.Dispose();
}
