using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OneRec.Core;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Onnx;

/// <summary>Holds an ONNX file's inputs and outputs, and what it really gives, against its manifest.</summary>
internal static class OnnxSignature
{
    /// <summary>Checks inputs and outputs by name, type and rank, as the file declares them.</summary>
    /// <param name="session">The file, loaded.</param>
    /// <param name="model">Its folder.</param>
    /// <param name="type">The type that inputs have.</param>
    /// <param name="input">Dimensions that inputs have; negative ones are free.</param>
    /// <param name="layout">The inputs' dimensions in words.</param>
    /// <param name="keys">The manifest's keys for inputs, in words.</param>
    /// <exception cref="OneRecException">Engine error <c>model.input</c> or <c>model.output</c>.</exception>
    public static void Check(
        InferenceSession session, ModelFolder model, TensorElementType type, ReadOnlySpan<int> input, string layout, string keys)
    {
        ModelManifest manifest = model.Manifest;
        foreach (string name in manifest.Inputs)
        {
            if (!session.InputMetadata.TryGetValue(name, out NodeMetadata? there))
            {
                throw OneRecException.Engine(
                    "model.input",
                    $"{model.OnnxPath}: has no input '{name}' (it has {OnnxText.Names(session.InputMetadata.Keys)}); mend {model.ManifestPath}");
            }

            if (!there.IsTensor || there.ElementDataType != type || !Fits(there.Dimensions, input))
            {
                throw OneRecException.Engine(
                    "model.input",
                    $"{model.OnnxPath}: input '{name}' is {OnnxText.Describe(there)}, not {type.ToString().ToLowerInvariant()} {layout}");
            }
        }

        string? unfed = session.InputMetadata.Keys.Except(manifest.Inputs).Order(StringComparer.Ordinal).FirstOrDefault();
        if (unfed is not null)
        {
            throw OneRecException.Engine(
                "model.input",
                $"{model.OnnxPath}: needs an input '{unfed}' that {model.ManifestPath} does not name; name it in inputs ({keys})");
        }

        CheckOutput(session, model, manifest.PooledOutput, "[batch, dimensions]", pooled: true);
        CheckOutput(session, model, manifest.TokensOutput, $"[batch, {manifest.VectorsWord}, dimensions]", pooled: false);
    }

    /// <summary>The error about an output of another shape than the manifest says.</summary>
    public static OneRecException OtherShape(ModelFolder model, IEnumerable<long> shape, string input, IEnumerable<long> expected) =>
        OneRecException.Engine(
            "model.output",
            $"{model.OnnxPath}: output '{model.Manifest.Output}' is {OnnxText.Shape(shape)} for {input}, not {OnnxText.Shape(expected)}");

    /// <summary>The error about an output that holds NaN or infinity.</summary>
    public static OneRecException NotFinite(ModelFolder model) => OneRecException.Engine(
        "model.not-finite", $"{model.OnnxPath}: output '{model.Manifest.Output}' holds NaN or infinity");

    private static bool Fits(int[] shape, ReadOnlySpan<int> expected)
    {
        bool fits = shape.Length == expected.Length;
        for (int i = 0; fits && i < shape.Length; i++)
        {
            fits = shape[i] < 0 || expected[i] < 0 || shape[i] == expected[i];
        }

        return fits;
    }

    private static void CheckOutput(InferenceSession session, ModelFolder model, string? name, string layout, bool pooled)
    {
        if (name is null)
        {
            return;
        }

        if (!session.OutputMetadata.TryGetValue(name, out NodeMetadata? output))
        {
            throw OneRecException.Engine(
                "model.output",
                $"{model.OnnxPath}: has no output '{name}' (it has {OnnxText.Names(session.OutputMetadata.Keys)}); mend {model.ManifestPath}");
        }

        // A pooled output may keep the axes that it was pooled over: [batch, dimensions, 1, 1].
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
                $"{model.OnnxPath}: output '{name}' is {OnnxText.Describe(output)}, not float {layout} of {model.Manifest.Dimensions} dimensions");
        }
    }
}
