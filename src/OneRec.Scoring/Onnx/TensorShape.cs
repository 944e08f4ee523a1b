using Microsoft.ML.OnnxRuntime.Tensors;

namespace OneRec.Scoring.Onnx;

/// <summary>A tensor of a call: name, type (<c>Int64</c> or <c>Float</c>) and dimensions.</summary>
internal sealed record TensorShape(string Name, TensorElementType Type, params long[] Dimensions)
{
    /// <summary>Bytes of its elements.</summary>
    public long Bytes => Dimensions.Aggregate(Type == TensorElementType.Int64 ? 8L : 4L, (bytes, d) => bytes * d);
}
