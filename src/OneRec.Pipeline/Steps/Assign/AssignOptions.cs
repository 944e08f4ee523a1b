using System.Text.Json.Serialization;
using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>Section <c>assign</c>: how items get their semantic IDs.</summary>
public sealed record AssignOptions : IOptionSection
{
    /// <summary>
    /// Maximum number of items that share a semantic ID. Further items get the nearest last code that still has room
    /// under the same prefix (docs/method/rq-kmeans.md, "Capacity").
    /// </summary>
    /// <value>At least 1. Default null: no limit.</value>
    public long? MaxItemsPerId { get; init; }

    /// <summary>
    /// What happens if no code of an item's prefix has room: the item exceeds the limit, or the step fails.
    /// </summary>
    /// <value><c>exceed</c> or <c>fail</c>. Default <c>exceed</c>.</value>
    public WhenFull OnFull { get; init; } = WhenFull.Exceed;

    /// <summary>
    /// What happens to a published ID when the embedding of its item changes: it is kept, or the item gets a new ID.
    /// </summary>
    /// <value><c>keep</c> or <c>reassign</c>. Default <c>keep</c>.</value>
    public WhenChanged Changed { get; init; } = WhenChanged.Keep;

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Require(MaxItemsPerId is null or >= 1, "assign.maxItemsPerId", "must be at least 1", MaxItemsPerId);
    }
}

/// <summary>What happens to an item if no code of its prefix has room.</summary>
public enum WhenFull
{
    /// <summary>The item keeps its nearest code and exceeds the limit.</summary>
    [JsonStringEnumMemberName("exceed")]
    Exceed,

    /// <summary>The step fails and writes nothing.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,
}

/// <summary>What happens to a published ID when the embedding of its item changes.</summary>
public enum WhenChanged
{
    /// <summary>The ID is kept.</summary>
    [JsonStringEnumMemberName("keep")]
    Keep,

    /// <summary>The row is marked as deleted and the item gets a new ID, like a new item.</summary>
    [JsonStringEnumMemberName("reassign")]
    Reassign,
}
