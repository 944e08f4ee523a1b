using System.Runtime.Intrinsics.X86;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using OneRec.Core;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Onnx;

/// <summary>Opens ONNX Runtime sessions with the options that make rows repeatable.</summary>
internal static partial class OnnxSession
{
    /// <summary>
    /// Whether this CPU multiplies 8-bit integers exactly (AVX-512 VNNI or AVX-VNNI). Without, products of unsigned by
    /// signed bytes saturate unless the session widens them.
    /// </summary>
    public static bool HasVnni { get; } = DetectVnni();

    /// <summary>A session: one thread a call, so that parallelism lies over rows alone.</summary>
    /// <exception cref="OneRecException">
    /// Engine error: <c>model.not-onnx</c>, <c>model.opset</c>, <c>model.load</c>, or <c>embed.cuda</c> where the device is
    /// not to be had.
    /// </exception>
    public static InferenceSession Open(ModelFolder model, ExecutionDevice device)
    {
        string onnx = model.Existing(model.Manifest.Onnx);
        using SessionOptions options = Options(model, device);
        return Create(onnx, options);
    }

    /// <summary>The options of a session.</summary>
    /// <exception cref="OneRecException">Engine error <c>embed.cuda</c>.</exception>
    public static SessionOptions Options(ModelFolder model, ExecutionDevice device)
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

    /// <summary>A session of a file with these options.</summary>
    /// <exception cref="OneRecException">Engine error <c>model.not-onnx</c>, <c>model.opset</c> or <c>model.load</c>.</exception>
    public static InferenceSession Create(string onnx, SessionOptions options)
    {
        try
        {
            return new InferenceSession(onnx, options);
        }
        catch (OnnxRuntimeException e) when (e.Message.Contains("InvalidProtobuf", StringComparison.Ordinal))
        {
            throw OneRecException.Engine("model.not-onnx", $"{onnx} is no ONNX file; export the model to ONNX, or name another file in the manifest", e);
        }
        catch (OnnxRuntimeException e) when (NewerOpset().Match(e.Message) is { Success: true } newer)
        {
            throw OneRecException.Engine(
                "model.opset",
                $"{onnx}: needs opset {newer.Groups[1]} of {newer.Groups[2]}, this ONNX Runtime knows up to {newer.Groups[3]}; "
                + "export the model with a lower opset",
                e);
        }
        catch (OnnxRuntimeException e) when (NewerFormat().Match(e.Message) is { Success: true } newer)
        {
            throw OneRecException.Engine(
                "model.opset",
                $"{onnx}: is of ONNX format (IR) version {newer.Groups[1]}, this ONNX Runtime knows up to {newer.Groups[2]}; "
                + "export the model with an older onnx",
                e);
        }
        catch (OnnxRuntimeException e)
        {
            throw OneRecException.Engine("model.load", $"{onnx}: ONNX Runtime cannot load it: {OnnxText.FirstLine(e)}", e);
        }
    }

    /// <summary>Runs one call without a promise of its output's shape.</summary>
    /// <param name="session">A session of the model.</param>
    /// <param name="model">The model.</param>
    /// <param name="inputs">Values of its inputs, in the manifest's order.</param>
    /// <returns>Its output.</returns>
    /// <exception cref="OneRecException">Engine error <c>model.run</c>.</exception>
    public static IDisposableReadOnlyCollection<OrtValue> Run(
        InferenceSession session, ModelFolder model, IReadOnlyCollection<OrtValue> inputs)
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

    /// <summary>The error about a call that failed.</summary>
    public static OneRecException RunFailed(ModelFolder model, OnnxRuntimeException e) =>
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
