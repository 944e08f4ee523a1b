using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Kernels.Remote;

/// <summary>
/// A task's failure as text. Spark carries it to the driver inside its own exception, so the driver can report the same
/// error as the local engine.
/// </summary>
/// <remarks>One line <c>onerec-failure {"kind":3,"code":"...","message":"..."}</c>, then details for people.</remarks>
public static class WorkerFailure
{
    private const string Marker = "onerec-failure ";

    /// <summary>The text to send.</summary>
    /// <param name="failure">The error for the user.</param>
    /// <param name="details">The exception with its stack trace.</param>
    public static string Write(OneRecException failure, string details)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var line = new JsonObject
        {
            ["kind"] = (int)failure.Kind,
            ["code"] = failure.Code,
            ["message"] = failure.Message,
        };
        return $"{Marker}{line.ToJsonString()}\n{details}";
    }

    /// <summary>The failure inside a text from Spark, with that text as its inner exception; null if there is none.</summary>
    public static OneRecException? TryRead(string? text)
    {
        int at = text?.IndexOf(Marker, StringComparison.Ordinal) ?? -1;
        if (at < 0)
        {
            return null;
        }

        int from = at + Marker.Length;
        int end = text!.IndexOf('\n', from);
        try
        {
            JsonNode? line = JsonNode.Parse(end < 0 ? text[from..] : text[from..end]);
            return line is JsonObject && line["kind"] is { } kind && line["code"] is { } code && line["message"] is { } message
                && Enum.IsDefined((ErrorKind)(int)kind)
                ? new OneRecException((ErrorKind)(int)kind, (string)code!, (string)message!, new InvalidOperationException(text))
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
