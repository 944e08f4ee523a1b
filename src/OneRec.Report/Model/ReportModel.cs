namespace OneRec.Report.Model;

/// <summary>All that the page shows, gathered before a byte of it is written; knows neither engine nor HTML.</summary>
public sealed record ReportModel
{
    /// <summary>The run that made the page.</summary>
    public required string RunId { get; init; }

    /// <summary>When the page was made, UTC.</summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Name and version of the program, such as <c>OneRec.Spark 0.1.0</c>.</summary>
    public required string Product { get; init; }

    /// <summary>The report's plan as a hash, 64 hex characters: equal means the page need not be made again.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The codebook whose IDs are shown.</summary>
    public required string CodebookId { get; init; }

    /// <summary>The model whose embeddings the codebook was trained on.</summary>
    public required string ModelId { get; init; }

    /// <summary>What readers are told to use; null where nothing is published.</summary>
    public PublicationReport? Publication { get; init; }

    /// <summary>Items that got their ID in the newest assignment.</summary>
    public long NewIds { get; init; }

    /// <summary>The run of the newest assignment; null where that is not known.</summary>
    public string? AssignedBy { get; init; }

    /// <summary>The levels, coarse to fine, from level 0 without gaps.</summary>
    public required IReadOnlyList<LevelReport> Levels { get; init; }

    /// <summary>How many items share an ID.</summary>
    public required CollisionReport Collisions { get; init; }

    /// <summary>The evaluation before this one; null where there is none.</summary>
    public PreviousReport? Previous { get; init; }

    /// <summary>Items with their neighbours, in the order to be shown.</summary>
    public IReadOnlyList<ExampleReport> Examples { get; init; } = [];

    /// <summary>Rows refused by setting in the newest run of each step, the most frequent reason first.</summary>
    public IReadOnlyList<RefusedReport> Refused { get; init; } = [];

    /// <summary>Where all of it comes from.</summary>
    public required ProvenanceReport Provenance { get; init; }
}

/// <summary>The newest row of <c>published</c>: what readers use.</summary>
/// <param name="Generation">Counts from 1.</param>
/// <param name="CodebookId">The codebook it names.</param>
/// <param name="PublishedAt">When, UTC.</param>
public sealed record PublicationReport(long Generation, string CodebookId, DateTimeOffset PublishedAt);

/// <summary>The evaluation before this one, to see what changed. A measure that it lacks is null.</summary>
/// <param name="RunId">The run that measured it.</param>
/// <param name="CodebookId">The codebook it measured.</param>
public sealed record PreviousReport(string RunId, string CodebookId)
{
    /// <summary>The lowest utilization of a level, 0 to 1.</summary>
    public double? Utilization { get; init; }

    /// <summary>1 - unique IDs / items.</summary>
    public double? CollisionRate { get; init; }

    /// <summary>Relative reconstruction error of the last level.</summary>
    public double? RelativeError { get; init; }
}

/// <summary>Rows that a step put into <c>quarantine</c> for one reason.</summary>
/// <param name="Step">The step.</param>
/// <param name="Reason">Why.</param>
/// <param name="Rows">How many.</param>
public sealed record RefusedReport(string Step, string Reason, long Rows);
