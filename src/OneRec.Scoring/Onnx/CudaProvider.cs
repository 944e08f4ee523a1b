using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using OneRec.Core;

namespace OneRec.Scoring.Onnx;

/// <summary>ONNX Runtime's CUDA execution provider.</summary>
internal static partial class CudaProvider
{
    /// <summary>Its name in ONNX Runtime.</summary>
    public const string Name = "CUDAExecutionProvider";

    private const string Library = "libonnxruntime_providers_cuda.so";

    /// <summary>Makes a session run on a CUDA device.</summary>
    /// <remarks>
    /// Memory grows by what is asked for (<c>kSameAsRequested</c>), not by doubling, so that the limit is what a session
    /// really takes.
    /// </remarks>
    /// <exception cref="OneRecException">Engine error <c>embed.cuda</c> that names what is missing.</exception>
    public static void Append(SessionOptions options, ExecutionDevice device)
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(Name))
        {
            throw OneRecException.Engine(
                "embed.cuda",
                "embed.device=cuda: this build has ONNX Runtime without CUDA; build on linux-x64 without -p:OnnxRuntime=cpu, or set embed.device=cpu");
        }

        // Looked for first: ONNX Runtime would tell it on standard error, and in its exception no more than that it failed.
        if (MissingLibrary() is { } missing)
        {
            throw OneRecException.Engine("embed.cuda", Told(missing));
        }

        using var provider = new OrtCUDAProviderOptions();
        provider.UpdateOptions(Values(device));
        try
        {
            options.AppendExecutionProvider_CUDA(provider);
        }
        catch (OnnxRuntimeException e)
        {
            throw OneRecException.Engine(
                "embed.cuda",
                $"embed.device=cuda: ONNX Runtime cannot use {device}: {OnnxText.FirstLine(e)}; see nvidia-smi, or set embed.device=cpu",
                e);
        }
    }

    /// <summary>The provider's options for a device.</summary>
    public static Dictionary<string, string> Values(ExecutionDevice device)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device_id"] = (device.CudaId ?? 0).ToString(CultureInfo.InvariantCulture),
            ["arena_extend_strategy"] = "kSameAsRequested",
        };
        if (device.MemoryLimit is { } limit)
        {
            values["gpu_mem_limit"] = limit.ToString(CultureInfo.InvariantCulture);
        }

        return values;
    }

    /// <summary>The line that tells what a loader's message says is missing.</summary>
    /// <param name="loader">As of dlopen: <c>libcublasLt.so.13: cannot open shared object file: No such file or directory</c>.</param>
    public static string Told(string loader)
    {
        string missing = LibraryName().Match(loader) is { Success: true } m ? m.Value : loader.Split('\n')[0];
        return $"embed.device=cuda: {missing} is not to be found, which ONNX Runtime's CUDA provider needs; install CUDA 13 and cuDNN 9 "
            + "and let LD_LIBRARY_PATH name them, or set embed.device=cpu";
    }

    private static string? MissingLibrary()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        string beside = Path.Combine(AppContext.BaseDirectory, Library);
        string path = File.Exists(beside)
            ? beside
            : Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", Library);
        if (!File.Exists(path))
        {
            return $"{Library}: not beside the program";
        }

        // The provider itself does not load before ONNX Runtime hands it its own services, so only what the linker says counts.
        try
        {
            NativeLibrary.Free(NativeLibrary.Load(path));
            return null;
        }
        catch (DllNotFoundException e) when (LibraryOf(e.Message) is { } missing)
        {
            return missing;
        }
        catch (DllNotFoundException)
        {
            return null;
        }
    }

    // dlopen tells the library that is missing, or, where all are there, a symbol of ours that only ONNX Runtime gives it.
    private static string? LibraryOf(string message) => message
        .Split('\n')
        .Select(line => MissingFile().Match(line))
        .FirstOrDefault(m => m.Success)?.Groups[1].Value;

    [GeneratedRegex(@"^\s*(\S*\.so[.\d]*: cannot open shared object file.*)$")]
    private static partial Regex MissingFile();

    [GeneratedRegex(@"[^\s/:]+\.so[.\d]*")]
    private static partial Regex LibraryName();
}
