using OneRec.Core;

namespace OneRec.Pipeline.Running;

/// <summary>Counts from a check of the inputs; 0 for missing inputs.</summary>
public sealed record InputCounts
{
    /// <summary>Items in the catalogue.</summary>
    public long Items { get; init; }

    /// <summary>Size of the catalogue's files in bytes.</summary>
    public long CatalogueBytes { get; init; }

    /// <summary>Rows of the log that are read.</summary>
    public long LogRows { get; init; }

    /// <summary>Distinct (user, item) pairs of positive interactions.</summary>
    public long Edges { get; init; }

    /// <summary>Users with positive interactions.</summary>
    public long Users { get; init; }

    /// <summary>Number of items by number of users in the log; empty if there is no log.</summary>
    public IReadOnlyList<(long Users, long Items)> Degrees { get; init; } = [];
}

/// <summary>A rough estimate of a step: good enough to tell minutes from hours and whether it fits.</summary>
/// <param name="Seconds">Wall time in seconds.</param>
public sealed record StepEstimate(double Seconds)
{
    /// <summary>Bytes of the tables that the step writes.</summary>
    public long TableBytes { get; init; }

    /// <summary>Bytes of scratch space that the step needs.</summary>
    public long ScratchBytes { get; init; }

    /// <summary>Bytes that the step holds in memory.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Further counts to report, by name, such as <c>user_pairs</c>.</summary>
    public IReadOnlyList<(string Name, long Count)> Counts { get; init; } = [];

    /// <summary>The error that the step would end with; null if none is expected.</summary>
    public OneRecException? Refusal { get; init; }

    /// <summary>Why the step would not fit and what to do; null if no problem is expected.</summary>
    public string? Problem { get; init; }
}
