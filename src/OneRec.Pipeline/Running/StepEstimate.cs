namespace OneRec.Pipeline.Running;

/// <summary>What a look at the inputs counted; 0 where an input is not there.</summary>
public sealed record InputCounts
{
    /// <summary>Items of the catalogue.</summary>
    public long Items { get; init; }

    /// <summary>Bytes of the catalogue's files.</summary>
    public long CatalogueBytes { get; init; }

    /// <summary>Rows of the log that are read.</summary>
    public long LogRows { get; init; }

    /// <summary>Distinct (user, item) of positive interactions.</summary>
    public long Edges { get; init; }

    /// <summary>Users of them.</summary>
    public long Users { get; init; }

    /// <summary>How many items of the log have how many users; empty where there is no log.</summary>
    public IReadOnlyList<(long Users, long Items)> Degrees { get; init; } = [];
}

/// <summary>What a step will take: rough, to tell minutes from hours, and what fits from what does not.</summary>
/// <param name="Seconds">Wall time.</param>
public sealed record StepEstimate(double Seconds)
{
    /// <summary>Bytes of the tables it writes.</summary>
    public long TableBytes { get; init; }

    /// <summary>Bytes of scratch while it works.</summary>
    public long ScratchBytes { get; init; }

    /// <summary>Bytes it holds in memory.</summary>
    public long MemoryBytes { get; init; }

    /// <summary>Counts worth telling, by name: <c>user_pairs</c>.</summary>
    public IReadOnlyList<(string Name, long Count)> Counts { get; init; } = [];

    /// <summary>Why it would not fit, with the cure; null where nothing is seen.</summary>
    public string? Problem { get; init; }
}
