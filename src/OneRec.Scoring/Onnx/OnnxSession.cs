using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OneRec.Core;
using OneRec.Scoring.Manifests;

namespace OneRec.Scoring.Onnx;

/// <summary>Opens ONNX Runtime sessions with options that make results reproducible.</summary>
internal static partial class OnnxSession
{
    /// <summary>
    /// Whether this CPU multiplies 8-bit integers exactly (AVX-512 VNNI or AVX-VNNI). Without it, products of unsigned and
    /// signed bytes saturate unless the session widens them.
    /// </summary>
    public static bool HasVnni { get; } = DetectVnni();

    /// <summary>Opens a session with one thread per call, so that only rows are processed in parallel.</summary>
    /// <exception cref="OneRecException">
    /// Engine error: <c>model.not-onnx</c>, <c>model.opset</c>, <c>model.load</c>, or <c>embed.cuda</c> if the device is not
    /// available.
    /// </exception>
    public static InferenceSession Open(IModelFiles model, ExecutionDevice device)
    {
        string onnx = model.Existing(model.Manifest.Onnx);
        using SessionOptions options = Options(model, device);
        return Create(onnx, options);
    }

    /// <summary>The options of a session.</summary>
    /// <exception cref="OneRecException">Engine error <c>embed.cuda</c>.</exception>
    public static SessionOptions Options(IModelFiles model, ExecutionDevice device)
    {
        OnnxTelemetry.Off();
        var options = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        try
        {
            if (model.Manifest.Quantization == Quantization.Dynamic && X86Base.IsSupported && !HasVnni)
            {
                options.AddSessionConfigEntry("session.x64quantprecision", "1");
            }

            if (device.IsCuda)
            {
                CudaProvider.Append(options, device);
            }

            return options;
        }
        catch
        {
            options.Dispose();
            throw;
        }
    }

    /// <summary>Opens a session of a file with given options.</summary>
    /// <exception cref="OneRecException">Engine error <c>model.not-onnx</c>, <c>model.opset</c> or <c>model.load</c>.</exception>
    public static InferenceSession Create(string onnx, SessionOptions options)
    {
        try
        {
            return new InferenceSession(onnx, options);
        }
        catch (OnnxRuntimeException e) when (e.Message.Contains("InvalidProtobuf", StringComparison.Ordinal))
        {
            throw OneRecException.Engine("model.not-onnx", $"{onnx} is not an ONNX file; export the model to ONNX, or name another file in the manifest", e);
        }
        catch (OnnxRuntimeException e) when (NewerOpset().Match(e.Message) is { Success: true } newer)
        {
            throw OneRecException.Engine(
                "model.opset",
                $"{onnx}: needs opset {newer.Groups[1]} of {newer.Groups[2]}, but this ONNX Runtime supports up to {newer.Groups[3]}; "
                + "export the model with a lower opset",
                e);
        }
        catch (OnnxRuntimeException e) when (NewerFormat().Match(e.Message) is { Success: true } newer)
        {
            throw OneRecException.Engine(
                "model.opset",
                $"{onnx}: has ONNX format (IR) version {newer.Groups[1]}, but this ONNX Runtime supports up to {newer.Groups[2]}; "
                + "export the model with an older version of the onnx package",
                e);
        }
        catch (OnnxRuntimeException e)
        {
            throw OneRecException.Engine("model.load", $"{onnx}: ONNX Runtime cannot load the model: {OnnxText.FirstLine(e)}", e);
        }
    }

    /// <summary>Runs one call without checking the shape of its output.</summary>
    /// <param name="session">A session of the model.</param>
    /// <param name="model">The model.</param>
    /// <param name="inputs">Values of the inputs, in the manifest's order.</param>
    /// <returns>The output.</returns>
    /// <exception cref="OneRecException">Engine error <c>model.run</c>.</exception>
    public static IDisposableReadOnlyCollection<OrtValue> Run(
        InferenceSession session, IModelFiles model, IReadOnlyCollection<OrtValue> inputs)
    {
        using var options = new RunOptions();
        try
        {
            return session.Run(options, model.Manifest.Inputs, inputs, [model.Manifest.Output]);
        }
        catch (OnnxRuntimeException e)
        {
            throw RunFailed(model, e);
        }
    }

    /// <summary>The error for a failed call.</summary>
    public static OneRecException RunFailed(IModelFiles model, OnnxRuntimeException e) =>
        OneRecException.Engine("model.run", $"{model.OnnxPath}: {OnnxText.FirstLine(e)}", e);

    [GeneratedRegex(@"[Oo]pset (\d+) is under development.*support for domain (\S+) is till opset (\d+)", RegexOptions.Singleline)]
    private static partial Regex NewerOpset();

    [GeneratedRegex(@"IR version: (\d+), max supported IR version: (\d+)")]
    private static partial Regex NewerFormat();

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

/// <summary>Formats ONNX Runtime's messages and metadata for one-line messages.</summary>
internal static class OnnxText
{
    /// <summary>The first line of a runtime's message, without its error code.</summary>
    public static string FirstLine(OnnxRuntimeException e)
    {
        string line = e.Message.Split('\n')[0].Trim();
        int end = line.StartsWith("[ErrorCode:", StringComparison.Ordinal) ? line.IndexOf(']') + 1 : 0;
        return line[end..].Trim();
    }

    /// <summary>A shape as text, with ? for -1.</summary>
    public static string Shape(IEnumerable<long> shape) => $"[{string.Join(", ", shape.Select(s => s < 0 ? "?" : $"{s}"))}]";

    /// <summary>The type and shape of an input or output.</summary>
    public static string Describe(NodeMetadata node) => node.IsTensor
        ? $"{TypeName(node.ElementDataType)} {Shape(node.Dimensions.Select(d => (long)d))}"
        : "not a tensor";

    /// <summary>Quoted names, sorted.</summary>
    public static string Names(IEnumerable<string> names) =>
        string.Join(", ", names.Order(StringComparer.Ordinal).Select(n => $"'{n}'"));

    private static string TypeName(TensorElementType type) => type.ToString().ToLowerInvariant();
}

/// <summary>
/// Turns off ONNX Runtime's telemetry. Since 1.29 its Linux builds collect by default: program paths, model names and
/// hashes, stored in a file in the user's cache folder and sent to Microsoft over the network.
/// </summary>
internal static partial class OnnxTelemetry
{
    private static readonly Lazy<bool> Done = new(TurnOff);

    /// <summary>Turns telemetry off; must be called before ONNX Runtime is first used.</summary>
    public static void Off() => _ = Done.Value;

    private static bool TurnOff()
    {
        if (!OperatingSystem.IsWindows())
        {
            // ONNX Runtime reads the variable once, at startup, and does not see variables set through .NET.
            _ = SetVariable("ORT_DISABLE_TELEMETRY", "1", overwrite: 1);
        }

        OrtEnv.Instance().DisableTelemetryEvents();
        return true;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
