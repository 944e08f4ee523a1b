using Microsoft.ML.OnnxRuntime;

namespace OneRec.Scoring.Onnx;

/// <summary>The bound tensors of one caller at a time, by shape.</summary>
internal sealed class OnnxLane(InferenceSession session) : IDisposable
{
    /// <summary>Bytes of tensors that a lane keeps; above it starts anew.</summary>
    private const long Most = 32L << 20;

    private readonly Dictionary<string, BoundCall> _calls = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>The call of these shapes, bound at its first use.</summary>
    public BoundCall Call(IReadOnlyList<TensorShape> inputs, TensorShape output)
    {
        // All inputs of a model follow from its first one's shape.
        string key = string.Join('x', inputs[0].Dimensions);
        if (_calls.TryGetValue(key, out BoundCall? call))
        {
            return call;
        }

        if (_bytes > Most)
        {
            Dispose();
        }

        call = new BoundCall(session, inputs, output);
        _calls.Add(key, call);
        _bytes += call.Bytes;
        return call;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (BoundCall call in _calls.Values)
        {
            call.Dispose();
        }

        _calls.Clear();
        _bytes = 0;
    }
}
