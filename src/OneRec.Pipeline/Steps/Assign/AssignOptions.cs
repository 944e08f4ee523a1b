using System.Text.Json.Serialization;
using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>Section <c>assign</c>: how items get their codes.</summary>
public sealed record AssignOptions : IOptionSection
{
    /// <summary>
    /// Items that may share a semantic ID; those beyond it take the nearest last code of their prefix that has room
    /// (docs/method/rq-kmeans.md, "Capacity").
    /// </summary>
    /// <value>At least 1. Default null: no limit.</value>
    public long? MaxItemsPerId { get; init; }

    /// <summary>What becomes of an item where no code of its prefix has room: it exceeds the limit, or the step fails.</summary>
    /// <value><c>exceed</c> or <c>fail</c>. Default exceed.</value>
    public WhenFull OnFull { get; init; } = WhenFull.Exceed;

    /// <summary>What becomes of a published ID whose item has another embedding now: it stays, or the item gets a new row.</summary>
    /// <value><c>keep</c> or <c>reassign</c>. Default keep.</value>
    public WhenChanged Changed { get; init; } = WhenChanged.Keep;

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Require(MaxItemsPerId is null or >= 1, "assign.maxItemsPerId", "must be at least 1", MaxItemsPerId);
    }
}

/// <summary>What becomes of an item where no code of its prefix has room.</summary>
public enum WhenFull
{
    /// <summary>It keeps its nearest code, beyond the limit.</summary>
    [JsonStringEnumMemberName("exceed")]
    Exceed,

    /// <summary>The step fails and writes nothing.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,
}

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
