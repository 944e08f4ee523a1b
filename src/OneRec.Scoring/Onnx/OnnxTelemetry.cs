using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace OneRec.Scoring.Onnx;

/// <summary>
/// Turns ONNX Runtime's telemetry off. From 1.29 on its Linux builds collect by default: paths of programs, names and hashes
/// of models, in a file below the user's cache folder and sent to Microsoft over the network.
/// </summary>
internal static partial class OnnxTelemetry
{
    private static readonly Lazy<bool> Done = new(TurnOff);

    /// <summary>Turns it off; to be called before anything else of ONNX Runtime.</summary>
    public static void Off() => _ = Done.Value;

    private static bool TurnOff()
    {
        if (!OperatingSystem.IsWindows())
        {
            // ONNX Runtime reads it once, when it begins. Variables that .NET sets are seen by .NET alone.
            _ = SetVariable("ORT_DISABLE_TELEMETRY", "1", overwrite: 1);
        }

        OrtEnv.Instance().DisableTelemetryEvents();
        return true;
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetVariable(string name, string value, int overwrite);
}
