using System.Text.Json;
using OneRec.Core;

namespace OneRec.Scoring.Onnx;

/// <summary>Which execution provider ran which operators, from a profile of ONNX Runtime.</summary>
public sealed class NodePlacement
{
    /// <summary>The operators that do a model's arithmetic; all of them must run on the device.</summary>
    private static readonly string[] Heavy =
        ["MatMul", "Gemm", "Conv", "Attention", "MultiHeadAttention", "FusedMatMul", "FusedGemm", "FusedConv", "QAttention", "MatMulInteger", "DynamicQuantizeMatMul", "QLinearMatMul", "QLinearConv", "ConvInteger", "MatMulIntegerToFloat"];

    private readonly Dictionary<(string Provider, string Operator), int> _nodes = [];

    private NodePlacement()
    {
    }

    /// <summary>Number of nodes per provider, sorted by name.</summary>
    public IReadOnlyList<(string Provider, int Nodes)> ByProvider =>
    [
        .. _nodes.GroupBy(n => n.Key.Provider).Select(g => (g.Key, g.Sum(n => n.Value))).OrderBy(p => p.Key, StringComparer.Ordinal),
    ];

    /// <summary>Reads a profile: the JSON array that <c>EndProfiling</c> writes.</summary>
    /// <exception cref="FormatException">The stream is not such a profile.</exception>
    public static NodePlacement Read(Stream profile)
    {
        var placement = new NodePlacement();
        try
        {
            using JsonDocument events = JsonDocument.Parse(profile);
            foreach (JsonElement e in events.RootElement.EnumerateArray())
            {
                if (e.TryGetProperty("cat", out JsonElement category)
                    && category.ValueEquals("Node")
                    && e.TryGetProperty("args", out JsonElement args)
                    && args.TryGetProperty("provider", out JsonElement provider)
                    && args.TryGetProperty("op_name", out JsonElement name))
                {
                    (string, string) key = (provider.GetString() ?? "", name.GetString() ?? "");
                    placement._nodes[key] = placement._nodes.GetValueOrDefault(key) + 1;
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new FormatException($"not a profile of ONNX Runtime: {e.Message}", e);
        }

        return placement;
    }

    /// <summary>Checks that the arithmetic ran on the device.</summary>
    /// <param name="model">The ONNX file, for errors.</param>
    /// <param name="provider">The device's provider.</param>
    /// <returns>A line with the number of nodes per provider.</returns>
    /// <exception cref="OneRecException">
    /// Engine error <c>embed.placement</c>: no node ran there, or an arithmetic operator ran elsewhere.
    /// </exception>
    public string Require(string model, string provider)
    {
        string[] elsewhere =
        [
            .. _nodes
                .Where(n => n.Key.Provider != provider && Heavy.Contains(n.Key.Operator))
                .OrderBy(n => n.Key.Operator, StringComparer.Ordinal)
                .Select(n => $"{n.Value} {n.Key.Operator} ({Short(n.Key.Provider)})"),
        ];
        if (elsewhere.Length > 0)
        {
            throw OneRecException.Engine(
                "embed.placement",
                $"{model}: some arithmetic does not run on the device: {string.Join(", ", elsewhere)}; "
                + "use a float or float16 export of the model, or set embed.device=cpu");
        }

        return ByProvider.Any(p => p.Provider == provider)
            ? $"{Path.GetFileName(model)}: nodes by provider: {string.Join(", ", ByProvider.Select(p => $"{Short(p.Provider)} {p.Nodes}"))}"
            : throw OneRecException.Engine(
                "embed.placement", $"{model}: none of its nodes ran on the device; set embed.device=cpu");
    }

    private static string Short(string provider) => provider.Replace("ExecutionProvider", "", StringComparison.Ordinal);
}
