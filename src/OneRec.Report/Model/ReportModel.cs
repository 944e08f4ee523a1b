namespace OneRec.Report.Model;

/// <summary>Everything the page shows, read before the page is written; independent of engine and HTML.</summary>
public sealed record ReportModel
{
    /// <summary>The run that generated the page.</summary>
    public required string RunId { get; init; }

    /// <summary>Time when the page was generated, UTC.</summary>
    public required DateTimeOffset GeneratedAt { get; init; }

    /// <summary>Name and version of the program, such as <c>OneRec.Spark 0.1.0</c>.</summary>
    public required string Product { get; init; }

    /// <summary>Fingerprint of the report's plan, 64 hex digits; if it is equal, the page is up to date.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The codebook whose IDs are shown.</summary>
    public required string CodebookId { get; init; }

    /// <summary>The model whose embeddings the codebook was trained on.</summary>
    public required string ModelId { get; init; }

    /// <summary>The published codebook; null if nothing is published.</summary>
    public PublicationReport? Publication { get; init; }

    /// <summary>Number of items that got their ID in the newest assignment.</summary>
    public long NewIds { get; init; }

    /// <summary>The run of the newest assignment; null if unknown.</summary>
    public string? AssignedBy { get; init; }

    /// <summary>The levels, coarse to fine, without gaps from level 0.</summary>
    public required IReadOnlyList<LevelReport> Levels { get; init; }

    /// <summary>How many items share an ID.</summary>
    public required CollisionReport Collisions { get; init; }

    /// <summary>The previous evaluation; null if there is none.</summary>
    public EvaluationReport? Previous { get; init; }

    /// <summary>The newest evaluations, old to new; the last one is that of the page.</summary>
    public IReadOnlyList<EvaluationReport> Evaluations { get; init; } = [];

    /// <summary>The first two levels of prefixes; null if they are left out, or no item has an ID.</summary>
    public TreeReport? Tree { get; init; }

    /// <summary>Items with their neighbours, in display order.</summary>
    public IReadOnlyList<ExampleReport> Examples { get; init; } = [];

    /// <summary>The training of the aligned model; null if the embeddings are not of one.</summary>
    public AlignmentReport? Alignment { get; init; }

    /// <summary>Rows put into quarantine by the newest run of each step, the most frequent reason first.</summary>
    public IReadOnlyList<RefusedReport> Refused { get; init; } = [];

    /// <summary>The provenance of the results.</summary>
    public required ProvenanceReport Provenance { get; init; }
}

/// <summary>The newest row of table <c>published</c>.</summary>
/// <param name="Generation">The generation, from 1.</param>
/// <param name="CodebookId">The published codebook.</param>
/// <param name="PublishedAt">Time of publication, UTC.</param>
public sealed record PublicationReport(long Generation, string CodebookId, DateTimeOffset PublishedAt);

/// <summary>An evaluation of some run. A measure is null if it was not measured.</summary>
/// <param name="RunId">The run of the evaluation.</param>
/// <param name="CodebookId">The evaluated codebook.</param>
public sealed record EvaluationReport(string RunId, string CodebookId)
{
    /// <summary>The lowest utilization of any level, 0 to 1.</summary>
    public double? Utilization { get; init; }

    /// <summary>1 - unique IDs / items.</summary>
    public double? CollisionRate { get; init; }

    /// <summary>Relative reconstruction error of the last level.</summary>
    public double? RelativeError { get; init; }

    /// <summary>Share of Swing neighbours with the same first code: held out if it was measured so, else in sample.</summary>
    public double? Neighbours { get; init; }
}

/// <summary>Rows that a step put into table <c>quarantine</c> for one reason.</summary>
/// <param name="Step">The step.</param>
/// <param name="Reason">The reason.</param>
/// <param name="Rows">Number of rows.</param>
public sealed record RefusedReport(string Step, string Reason, long Rows);
