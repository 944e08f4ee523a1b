using System.Text.Json.Serialization;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>What becomes of a published ID whose item has another embedding now.</summary>
public enum WhenChanged
{
    /// <summary>It stays.</summary>
    [JsonStringEnumMemberName("keep")]
    Keep,

    /// <summary>The row is marked as deleted and the item gets another, as a new item would.</summary>
    [JsonStringEnumMemberName("reassign")]
    Reassign,
}
