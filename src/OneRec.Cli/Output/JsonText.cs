using System.Text.Encodings.Web;
using System.Text.Json;

namespace OneRec.Cli.Output;

/// <summary>How JSON objects are printed: indented, with letters of all scripts as they are.</summary>
internal static class JsonText
{
    /// <summary>The options.</summary>
    public static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The same in one line.</summary>
    public static JsonSerializerOptions Compact { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
