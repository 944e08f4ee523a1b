using OneRec.Core;

namespace OneRec.Benchmarks.Vectors;

/// <summary>Standard normal numbers by Box and Muller (1958): the same for the same seed.</summary>
/// <param name="seed">The seed.</param>
internal sealed class NormalNumbers(ulong seed)
{
    private SplitMix64 _random = new(seed);
    private double? _spare;

    /// <summary>The next one.</summary>
    public double Next()
    {
        if (_spare is { } spare)
        {
            _spare = null;
            return spare;
        }

        double radius = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble()));
        (double sin, double cos) = Math.SinCos(2 * Math.PI * _random.NextDouble());
        _spare = radius * sin;
        return radius * cos;
    }
}
