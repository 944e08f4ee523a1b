using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Kernels.Batches;

namespace OneRec.Kernels.Remote;

/// <summary>The driver's request to a worker: the bytes that take the place of a pickled Python function.</summary>
/// <param name="Call">The kernel, its parameters and its output schema.</param>
/// <param name="Sides">Side inputs by name, with the id of the Spark broadcast that holds each one.</param>
/// <param name="MemoryBudget">Bytes a task may hold if the executor's own settings do not say.</param>
/// <param name="SideInput">The side input that precedes the rows in the same stream; null if there is none.</param>
public sealed record WorkerCommand(
    KernelCall Call, IReadOnlyDictionary<string, long> Sides, long MemoryBudget, SideInputRows? SideInput = null)
{
    /// <summary>Incremented whenever these bytes, the side framing, the failure text or the task report change.</summary>
    public const int Protocol = 3;

    private const string Prefix = "onerec-worker ";

    /// <summary>
    /// The text in the place of Python's version: our protocol and the Spark release. The worker must know the release before
    /// it reads the command, because the bytes before it differ between releases.
    /// </summary>
    /// <param name="sparkRelease"><c>3.5</c> or <c>4.0</c>.</param>
    public static string VersionText(string sparkRelease) => $"{Prefix}{Protocol} spark {sparkRelease}";

    /// <summary>The Spark release in a version text.</summary>
    /// <exception cref="OneRecException">Engine error <c>worker.version</c>: another protocol, or not our text.</exception>
    public static string ReadVersionText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] words = text.Split(' ');
        return words is ["onerec-worker", var protocol, "spark", var release] && protocol == Protocol.ToString()
            ? release
            : throw OneRecException.Engine(
                "worker.version",
                $"the worker expects '{VersionText("...")}', the driver sent '{text}'; ship the worker that comes with this onerec");
    }

    /// <summary>The command as UTF-8 JSON.</summary>
    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["protocol"] = Protocol,
        ["kernel"] = Call.Name,
        ["parameters"] = Call.Parameters.DeepClone(),
        ["output"] = ArrowBytes.Write(Call.Output),
        ["sides"] = new JsonObject(Sides.Select(s => KeyValuePair.Create<string, JsonNode?>(s.Key, s.Value))),
        ["memory"] = MemoryBudget,
        ["beside"] = SideInput?.Name,
    });

    /// <summary>Reads a command.</summary>
    /// <exception cref="OneRecException">Engine error <c>worker.command</c>: not a command of this protocol.</exception>
    public static WorkerCommand Read(ReadOnlySpan<byte> utf8)
    {
        try
        {
            JsonNode? json = JsonNode.Parse(utf8);
            if ((int)Part(json, "protocol") != Protocol)
            {
                throw new JsonException($"protocol {json!["protocol"]}");
            }

            return new WorkerCommand(
                new KernelCall(
                    (string?)Part(json, "kernel") ?? "",
                    Part(json, "parameters").DeepClone().AsObject(),
                    ArrowBytes.ReadSchema((string?)Part(json, "output") ?? "")),
                Part(json, "sides").AsObject().ToDictionary(s => s.Key, s => (long)Part(s.Value), StringComparer.Ordinal),
                (long)Part(json, "memory"),
                (string?)json!["beside"] is { } beside ? new SideInputRows(beside) : null);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException
            or ArgumentException or InvalidDataException)
        {
            throw OneRecException.Engine(
                "worker.command",
                $"the driver's command does not follow protocol {Protocol} ({e.Message}); ship the worker that comes with this onerec",
                e);
        }
    }

    private static JsonNode Part(JsonNode? json, string key) => Part(json?[key]);

    private static JsonNode Part(JsonNode? part) => part ?? throw new JsonException("a part is missing");
}
