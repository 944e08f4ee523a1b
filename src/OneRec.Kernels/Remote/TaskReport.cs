using System.Text.Json;
using System.Text.Json.Nodes;

namespace OneRec.Kernels.Remote;

/// <summary>
/// A worker's report of a finished task. It is sent as an update of a Spark accumulator, so the driver only receives reports
/// of tasks whose results it uses.
/// </summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Seconds">Wall time from the task's header to its last row.</param>
/// <param name="Messages">Messages for the user (<see cref="Batches.KernelContext.OnMessage"/>).</param>
public sealed record TaskReport(string Kernel, double Seconds, IReadOnlyList<string> Messages)
{
    /// <summary>The report as UTF-8 JSON.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["kernel"] = Kernel,
        ["seconds"] = Seconds,
        ["told"] = new JsonArray([.. Messages.Select(t => JsonValue.Create(t))]),
    });

    /// <summary>Reads what <see cref="Write"/> wrote; null if it is something else.</summary>
    public static TaskReport? TryRead(ReadOnlySpan<byte> utf8)
    {
        try
        {
            JsonNode? json = JsonNode.Parse(utf8);
            return json?["kernel"] is { } kernel && json["seconds"] is { } seconds && json["told"] is JsonArray told
                ? new TaskReport((string)kernel!, (double)seconds, [.. told.Select(t => (string?)t ?? "")])
                : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }
}
