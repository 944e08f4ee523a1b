using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.ML.OnnxRuntime;
using OneRec.Core;

namespace OneRec.Scoring.Onnx;

/// <summary>ONNX Runtime's CUDA execution provider.</summary>
internal static partial class CudaProvider
{
    /// <summary>The provider's name in ONNX Runtime.</summary>
    public const string Name = "CUDAExecutionProvider";

    private const string Library = "libonnxruntime_providers_cuda.so";

    /// <summary>Makes a session run on a CUDA device.</summary>
    /// <remarks>
    /// Memory grows by the amount requested (<c>kSameAsRequested</c>) instead of doubling, so that the limit is what a session
    /// really uses.
    /// </remarks>
    /// <exception cref="OneRecException">Engine error <c>embed.cuda</c>, naming what is missing.</exception>
    public static void Append(SessionOptions options, ExecutionDevice device)
    {
        if (!OrtEnv.Instance().GetAvailableProviders().Contains(Name))
        {
            throw OneRecException.Engine(
                "embed.cuda",
                "embed.device=cuda: this build has ONNX Runtime without CUDA; build on linux-x64 without -p:OnnxRuntime=cpu, or set embed.device=cpu");
        }

        // Checked first, because ONNX Runtime only reports the cause on standard error, not in its exception.
        if (MissingLibrary() is { } missing)
        {
            throw OneRecException.Engine("embed.cuda", MissingMessage(missing));
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

    /// <summary>The error message for a missing library.</summary>
    /// <param name="loader">dlopen's message: <c>libcublasLt.so.13: cannot open shared object file: No such file or directory</c>.</param>
    public static string MissingMessage(string loader)
    {
        string missing = LibraryName().Match(loader) is { Success: true } m ? m.Value : loader.Split('\n')[0];
        return $"embed.device=cuda: {missing}, which ONNX Runtime's CUDA provider needs, was not found; install CUDA 13 and cuDNN 9 "
            + "and add their folders to LD_LIBRARY_PATH, or set embed.device=cpu";
    }

    private static string? MissingLibrary()
    {
        if (!OperatingSystem.IsLinux())
        {
            return null;
        }

        string local = Path.Combine(AppContext.BaseDirectory, Library);
        string path = File.Exists(local)
            ? local
            : Path.Combine(AppContext.BaseDirectory, "runtimes", "linux-x64", "native", Library);
        if (!File.Exists(path))
        {
            return $"{Library}: not in the program's folder";
        }

        // The provider only loads once ONNX Runtime has passed it its services, so only the linker's message is used.
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

    // dlopen names the missing library or, if all are present, a symbol that only ONNX Runtime provides.
    private static string? LibraryOf(string message) => message
        .Split('\n')
        .Select(line => MissingFile().Match(line))
        .FirstOrDefault(m => m.Success)?.Groups[1].Value;

    [GeneratedRegex(@"^\s*(\S*\.so[.\d]*: cannot open shared object file.*)$")]
    private static partial Regex MissingFile();

    [GeneratedRegex(@"[^\s/:]+\.so[.\d]*")]
    private static partial Regex LibraryName();
}
