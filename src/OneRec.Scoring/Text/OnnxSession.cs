using System.Runtime.Intrinsics.X86;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OneRec.Core;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Text;

/// <summary>Opens ONNX Runtime sessions with the options that make rows repeatable, and checks them against a manifest.</summary>
internal static class OnnxSession
{
    /// <summary>
    /// Whether this CPU multiplies 8-bit integers exactly (AVX-512 VNNI or AVX-VNNI). Without, products of unsigned by
    /// signed bytes saturate unless the session widens them.
    /// </summary>
    public static bool HasVnni { get; } = DetectVnni();

    /// <summary>A session on the CPU: one thread a call, so that parallelism lies over rows alone.</summary>
    /// <exception cref="OneRecException">Engine error <c>model.not-onnx</c> or <c>model.load</c>.</exception>
    public static InferenceSession Open(string onnx, Quantization quantization)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        if (quantization == Quantization.Dynamic && X86Base.IsSupported && !HasVnni)
        {
            options.AddSessionConfigEntry("session.x64quantprecision", "1");
        }

        try
        {
            return new InferenceSession(onnx, options);
        }
        catch (OnnxRuntimeException e) when (e.Message.Contains("InvalidProtobuf", StringComparison.Ordinal))
        {
            throw OneRecException.Engine("model.not-onnx", $"{onnx} is no ONNX file; export the model to ONNX, or name another file in the manifest", e);
        }
        catch (OnnxRuntimeException e)
        {
            throw OneRecException.Engine("model.load", $"{onnx}: ONNX Runtime cannot load it: {FirstLine(e)}", e);
        }
    }

    /// <summary>Checks inputs and outputs by name, type and rank.</summary>
    /// <exception cref="OneRecException">Engine error <c>model.input</c> or <c>model.output</c>.</exception>
    public static void Check(InferenceSession session, ModelFolder model)
    {
        ModelManifest m = model.Manifest;
        string[] fed = [.. new[] { m.IdsInput, m.MaskInput, m.TypesInput }.OfType<string>()];
        foreach (string name in fed)
        {
            if (!session.InputMetadata.TryGetValue(name, out NodeMetadata? input))
            {
                throw OneRecException.Engine(
                    "model.input",
                    $"{model.OnnxPath}: has no input '{name}' (it has {Names(session.InputMetadata.Keys)}); mend {model.ManifestPath}");
            }

            if (!input.IsTensor || input.ElementDataType != TensorElementType.Int64 || input.Dimensions.Length != 2)
            {
                throw OneRecException.Engine(
                    "model.input", $"{model.OnnxPath}: input '{name}' is {Describe(input)}, not int64 [batch, length]");
            }
        }

        string? unfed = session.InputMetadata.Keys.Except(fed).Order(StringComparer.Ordinal).FirstOrDefault();
        if (unfed is not null)
        {
            throw OneRecException.Engine(
                "model.input",
                $"{model.OnnxPath}: needs an input '{unfed}' that {model.ManifestPath} does not name; name it in inputs (ids, mask or types)");
        }

        CheckOutput(session, model, m.PooledOutput, "[batch, dimensions]", 2);
        CheckOutput(session, model, m.TokensOutput, "[batch, length, dimensions]", 3);
    }

    /// <summary>The first line of a runtime's message, without its error code.</summary>
    public static string FirstLine(OnnxRuntimeException e)
    {
        string line = e.Message.Split('\n')[0].Trim();
        int end = line.StartsWith("[ErrorCode:", StringComparison.Ordinal) ? line.IndexOf(']') + 1 : 0;
        return line[end..].Trim();
    }

    /// <summary>A shape as people write it; -1 as ?.</summary>
    public static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape.Select(s => s < 0 ? "?" : $"{s}"))}]";

    private static void CheckOutput(InferenceSession session, ModelFolder model, string? name, string layout, int rank)
    {
        if (name is null)
        {
            return;
        }

        if (!session.OutputMetadata.TryGetValue(name, out NodeMetadata? output))
        {
            throw OneRecException.Engine(
                "model.output",
                $"{model.OnnxPath}: has no output '{name}' (it has {Names(session.OutputMetadata.Keys)}); mend {model.ManifestPath}");
        }

        int[] shape = output.IsTensor ? output.Dimensions : [];
        bool fits = output.IsTensor
            && output.ElementDataType == TensorElementType.Float
            && shape.Length == rank
            && (shape[^1] < 0 || shape[^1] == model.Manifest.Dimensions);
        if (!fits)
        {
            throw OneRecException.Engine(
                "model.output",
                $"{model.OnnxPath}: output '{name}' is {Describe(output)}, not float {layout} of {model.Manifest.Dimensions} dimensions");
        }
    }

    private static string Describe(NodeMetadata node) => node.IsTensor
        ? $"{TypeName(node.ElementDataType)} {Shape(node.Dimensions.Select(d => (long)d))}"
        : "no tensor";

    private static string TypeName(TensorElementType type) => type.ToString().ToLowerInvariant();

    private static string Names(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal).Select(n => $"'{n}'"));

    // Leaf 7: AVX512_VNNI is bit 11 of ECX in subleaf 0, AVX_VNNI bit 4 of EAX in subleaf 1 (Intel SDM, CPUID).
    private static bool DetectVnni()
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < 7)
        {
            return false;
        }

        bool avx512 = Avx512F.IsSupported && (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0;
        return avx512 || (Avx2.IsSupported && (X86Base.CpuId(7, 1).Eax & (1 << 4)) != 0);
    }
}
