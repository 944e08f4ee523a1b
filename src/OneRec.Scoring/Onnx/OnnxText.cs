using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace OneRec.Scoring.Onnx;

/// <summary>What ONNX Runtime says, in words for one line.</summary>
internal static class OnnxText
{
    /// <summary>The first line of a runtime's message, without its error code.</summary>
    public static string FirstLine(OnnxRuntimeException e)
    {
        string line = e.Message.Split('\n')[0].Trim();
        int end = line.StartsWith("[ErrorCode:", StringComparison.Ordinal) ? line.IndexOf(']') + 1 : 0;
        return line[end..].Trim();
    }

    /// <summary>A shape as people write it; -1 as ?.</summary>
    public static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape.Select(s => s < 0 ? "?" : $"{s}"))}]";

    /// <summary>An input's or output's type and shape.</summary>
    public static string Describe(NodeMetadata node) => node.IsTensor
        ? $"{TypeName(node.ElementDataType)} {Shape(node.Dimensions.Select(d => (long)d))}"
        : "no tensor";

    /// <summary>Names in order, quoted.</summary>
    public static string Names(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal).Select(n => $"'{n}'"));

    private static string TypeName(TensorElementType type) => type.ToString().ToLowerInvariant();
}
