using System.Text.Json.Nodes;

namespace OneRec.Kernels.Pairs;

/// <summary>How a user's clicks become pairs of an item and an earlier one.</summary>
public sealed record HistoryPairsParameters
{
    /// <summary>Latest items of strictly smaller time that are searched for a target's partner.</summary>
    /// <value>At least 1. Default 50.</value>
    public int History { get; init; } = 50;

    /// <summary>The parameters as a kernel call carries them.</summary>
    public JsonObject ToJson() => new() { ["history"] = History };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="ArgumentException">A key is missing or a value is below 1.</exception>
    public static HistoryPairsParameters FromJson(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        int history = json["history"]?.GetValue<int>()
            ?? throw new ArgumentException("the call of history-pairs has no 'history'", nameof(json));
        return history >= 1
            ? new HistoryPairsParameters { History = history }
            : throw new ArgumentException($"history must be at least 1, not {history}", nameof(json));
    }
}
