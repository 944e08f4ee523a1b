using OneRec.Alignment.Native;
using OneRec.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OneRec.Alignment.Networks;

/// <summary>The weights of a network by name, in the order in which they were added.</summary>
/// <param name="seed">Seed of the initial values.</param>
internal sealed class ParameterSet(long seed) : IDisposable
{
    private readonly List<(string Name, Parameter Value)> _all = [];
    private readonly Generator _random = new((ulong)seed);

    /// <summary>Names and weights.</summary>
    public IReadOnlyList<(string Name, Parameter Value)> All => _all;

    /// <summary>The weights in order.</summary>
    public IReadOnlyList<Tensor> Tensors => [.. _all.Select(p => p.Value)];

    /// <summary>Number of weights.</summary>
    public long Count => _all.Sum(p => p.Value.numel());

    /// <summary>A matrix of normal draws whose products keep the scale of their input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="rows">Dimensions out.</param>
    /// <param name="columns">Dimensions in; the standard deviation is <paramref name="scale"/> over their root.</param>
    /// <param name="scale">Factor.</param>
    /// <returns>[rows, columns].</returns>
    public Parameter Matrix(string name, long rows, long columns, double scale = 1) => Normal(name, scale / Math.Sqrt(columns), rows, columns);

    /// <summary>Normal draws with mean 0.</summary>
    public Parameter Normal(string name, double deviation, params long[] shape)
    {
        using Tensor drawn = randn(shape, generator: _random).mul_(Scalars.Of(deviation));
        return Add(name, drawn);
    }

    /// <summary>Ones, the start of a norm's gain.</summary>
    public Parameter Ones(string name, long length)
    {
        using Tensor start = ones(length);
        return Add(name, start);
    }

    /// <summary>Weights with the given start.</summary>
    public Parameter Add(string name, Tensor start)
    {
        using Tensor own = start.detach().clone();
        var parameter = new Parameter(own, requires_grad: true);
        parameter.DetachFromDisposeScope();
        _all.Add((name, parameter));
        return parameter;
    }

    /// <summary>Overwrites weights with given ones.</summary>
    /// <param name="values">The values for a name and shape; null leaves the weight as it is.</param>
    public void Load(Func<string, long[], float[]?> values)
    {
        using IDisposable plain = no_grad();
        foreach ((string name, Parameter value) in _all)
        {
            if (values(name, value.shape) is { } given)
            {
                using Tensor loaded = tensor(given, value.shape);
                value.copy_(loaded);
            }
        }
    }

    /// <summary>Copies of all weights.</summary>
    public IReadOnlyList<float[]> Snapshot() => [.. _all.Select(p => p.Value.detach().data<float>().ToArray())];

    /// <summary>Overwrites all weights.</summary>
    /// <param name="snapshot">What <see cref="Snapshot"/> returned.</param>
    public void Restore(IReadOnlyList<float[]> snapshot)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(snapshot.Count, _all.Count);
        using IDisposable plain = no_grad();
        for (int i = 0; i < _all.Count; i++)
        {
            using Tensor values = tensor(snapshot[i], _all[i].Value.shape);
            _all[i].Value.copy_(values);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _all.ForEach(p => p.Value.Dispose());
        _all.Clear();
        _random.Dispose();
    }
}

/// <summary>Random zeros for one chunk of one step: the same for the same seed, whichever thread computes the chunk.</summary>
/// <param name="rate">Share of values that become zero, below 1; the others are scaled up.</param>
/// <param name="tokens">Share of token vectors that are left out.</param>
/// <param name="seed">Seed of the chunk.</param>
internal sealed class RandomZeros(double rate, double tokens, ulong seed)
{
    private SplitMix64 _random = new(seed);

    /// <summary>Share of token vectors that are left out.</summary>
    public double TokenRate => tokens;

    /// <summary>Leaves out values.</summary>
    public Tensor Of(Tensor values)
    {
        if (rate == 0)
        {
            return values;
        }

        var keep = new float[values.numel()];
        float scale = (float)(1 / (1 - rate));
        for (int i = 0; i < keep.Length; i++)
        {
            keep[i] = _random.NextDouble() < rate ? 0 : scale;
        }

        return values * tensor(keep, values.shape);
    }

    /// <summary>Leaves out token vectors, but at least one of an item stays.</summary>
    /// <param name="mask">[items, length], 1 where there is a token.</param>
    public Tensor OfTokens(Tensor mask)
    {
        if (tokens == 0)
        {
            return mask;
        }

        (int items, int length) = ((int)mask.shape[0], (int)mask.shape[1]);
        float[] kept = mask.data<float>().ToArray();
        for (int i = 0; i < items; i++)
        {
            Span<float> row = kept.AsSpan(i * length, length);
            int stays = row.IndexOf(1f);
            for (int t = 0; t < length; t++)
            {
                row[t] = row[t] > 0 && _random.NextDouble() >= tokens ? 1 : 0;
            }

            if (stays >= 0 && !row.Contains(1f))
            {
                row[stays] = 1;
            }
        }

        return tensor(kept, mask.shape);
    }
}
