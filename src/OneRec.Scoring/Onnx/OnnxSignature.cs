using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OneRec.Core;
using OneRec.Scoring.Manifests;

namespace OneRec.Scoring.Onnx;

/// <summary>Checks the inputs and outputs of an ONNX file, and its actual output, against the manifest.</summary>
internal static class OnnxSignature
{
    /// <summary>Checks the names, types and ranks of inputs and outputs, as the file declares them.</summary>
    /// <param name="session">A session of the file.</param>
    /// <param name="model">The model folder.</param>
    /// <param name="inputs">The inputs that the manifest names.</param>
    /// <param name="keys">The manifest's keys for inputs, for messages.</param>
    /// <exception cref="OneRecException">Engine error <c>model.input</c> or <c>model.output</c>.</exception>
    public static void Check(InferenceSession session, IModelFiles model, IReadOnlyList<InputSignature> inputs, string keys)
    {
        ModelManifest manifest = model.Manifest;
        foreach (InputSignature input in inputs)
        {
            if (!session.InputMetadata.TryGetValue(input.Name, out NodeMetadata? there))
            {
                throw OneRecException.Engine(
                    "model.input",
                    $"{model.OnnxPath}: has no input '{input.Name}' (it has {OnnxText.Names(session.InputMetadata.Keys)}); correct {model.ManifestPath}");
            }

            if (!there.IsTensor || there.ElementDataType != input.Type || !Fits(there.Dimensions, input.Dimensions))
            {
                throw OneRecException.Engine(
                    "model.input",
                    $"{model.OnnxPath}: input '{input.Name}' is {OnnxText.Describe(there)}, not {input.Type.ToString().ToLowerInvariant()} {input.Layout}");
            }
        }

        string? unfed = session.InputMetadata.Keys.Except(manifest.Inputs).Order(StringComparer.Ordinal).FirstOrDefault();
        if (unfed is not null)
        {
            throw OneRecException.Engine(
                "model.input",
                $"{model.OnnxPath}: needs an input '{unfed}' that {model.ManifestPath} does not name; add it to inputs ({keys})");
        }

        CheckOutput(session, model, manifest.PooledOutput, "[batch, dimensions]", pooled: true);
        CheckOutput(session, model, manifest.TokensOutput, $"[batch, {manifest.VectorsWord}, dimensions]", pooled: false);
    }

    /// <summary>The error for an output shape that differs from the manifest.</summary>
    public static OneRecException WrongShape(IModelFiles model, IEnumerable<long> shape, string input, IEnumerable<long> expected) =>
        OneRecException.Engine(
            "model.output",
            $"{model.OnnxPath}: output '{model.Manifest.Output}' is {OnnxText.Shape(shape)} for {input}, not {OnnxText.Shape(expected)}");

    /// <summary>The error for an output that contains NaN or infinity.</summary>
    public static OneRecException NotFinite(IModelFiles model) => OneRecException.Engine(
        "model.not-finite", $"{model.OnnxPath}: output '{model.Manifest.Output}' contains NaN or infinity");

    private static bool Fits(int[] shape, ReadOnlySpan<int> expected)
    {
        bool fits = shape.Length == expected.Length;
        for (int i = 0; fits && i < shape.Length; i++)
        {
            fits = shape[i] < 0 || expected[i] < 0 || shape[i] == expected[i];
        }

        return fits;
    }

    private static void CheckOutput(InferenceSession session, IModelFiles model, string? name, string layout, bool pooled)
    {
        if (name is null)
        {
            return;
        }

        if (!session.OutputMetadata.TryGetValue(name, out NodeMetadata? output))
        {
            throw OneRecException.Engine(
                "model.output",
                $"{model.OnnxPath}: has no output '{name}' (it has {OnnxText.Names(session.OutputMetadata.Keys)}); correct {model.ManifestPath}");
        }

        // A pooled output may keep the axes it was pooled over: [batch, dimensions, 1, 1].
        int[] shape = output.IsTensor ? output.Dimensions : [];
        int last = pooled ? 1 : 2;
        bool fits = output.IsTensor
            && output.ElementDataType == TensorElementType.Float
            && (pooled ? shape.Length >= 2 && shape.Skip(2).All(d => d == 1) : shape.Length == 3)
            && (shape[last] < 0 || shape[last] == model.Manifest.Dimensions);
        if (!fits)
        {
            throw OneRecException.Engine(
                "model.output",
                $"{model.OnnxPath}: output '{name}' is {OnnxText.Describe(output)}, not float {layout} with {model.Manifest.Dimensions} dimensions");
        }
    }
}

/// <summary>What an input of a file must be.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Dimensions">Its dimensions; negative ones are free.</param>
/// <param name="Layout">Its dimensions, for messages.</param>
internal sealed record InputSignature(string Name, TensorElementType Type, int[] Dimensions, string Layout);

/// <summary>A tensor of a call: name, type (<c>Int64</c> or <c>Float</c>) and dimensions.</summary>
internal sealed record TensorShape(string Name, TensorElementType Type, params long[] Dimensions)
{
    /// <summary>Bytes of its elements.</summary>
    public long Bytes => Dimensions.Aggregate(Type == TensorElementType.Int64 ? 8L : 4L, (bytes, d) => bytes * d);
}
