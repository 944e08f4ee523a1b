using System.Text.Json.Nodes;

namespace OneRec.Kernels.Pairs;

/// <summary>How a user's clicks become pairs of an item and an earlier one.</summary>
public sealed record HistoryPairsParameters
{
    /// <summary>Latest items of strictly smaller time that are searched for a target's partner.</summary>
    /// <value>At least 1. Default 50.</value>
    public int History { get; init; } = 50;

    /// <summary>Latest clicks of a user that become targets.</summary>
    /// <value>At least 1. Default 50.</value>
    public int TargetsPerUser { get; init; } = 50;

    /// <summary>The parameters as a kernel call carries them.</summary>
    public JsonObject ToJson() => new() { ["history"] = History, ["targetsPerUser"] = TargetsPerUser };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="ArgumentException">A key is missing or a value is below 1.</exception>
    public static HistoryPairsParameters FromJson(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        return new HistoryPairsParameters { History = Read(json, "history"), TargetsPerUser = Read(json, "targetsPerUser") };
    }

    private static int Read(JsonObject json, string key)
    {
        int value = json[key]?.GetValue<int>()
            ?? throw new ArgumentException($"the call of history-pairs has no '{key}'", nameof(json));
        return value >= 1 ? value : throw new ArgumentException($"{key} must be at least 1, not {value}", nameof(json));
    }
}
