namespace OneRec.Pipeline.Queries.Describe;

/// <summary>What the tables hold of one item.</summary>
internal sealed class ItemState
{
    /// <summary>Its IDs under all codebooks, old to new; deleted ones too.</summary>
    public List<IdRow> Ids { get; } = [];

    /// <summary>Its row in the catalogue; null if there is none.</summary>
    public ItemRow? Row { get; set; }

    /// <summary>How many rows the catalogue has of it: more than one if another program wrote one.</summary>
    public int RowCount { get; set; }

    /// <summary>Its embeddings of the codebook's model.</summary>
    public List<(string ContentHash, string EmbeddingHash, float[] Vector)> Embeddings { get; } = [];

    /// <summary>Number of its similar items.</summary>
    public long Similar { get; set; }

    /// <summary>Number of its pairs by source.</summary>
    public SortedDictionary<string, long> Pairs { get; } = new(StringComparer.Ordinal);

    /// <summary>Why it could not be embedded, by run.</summary>
    public List<(string RunId, string Reason)> Problems { get; } = [];
}

/// <summary>A row of <c>semantic_ids</c>.</summary>
internal sealed record IdRow(object?[] Row)
{
    public string CodebookId => (string)Row[1]!;

    public string Sid => (string)Row[2]!;

    public int Slot => (int)Row[3]!;

    public IReadOnlyList<int> Codes => [.. ((object?[])Row[4]!).Select(c => (int)c!)];

    public int NearestCode => (int)Row[5]!;

    public float Error => (float)Row[6]!;

    public string EmbeddingHash => (string)Row[7]!;

    public DateTimeOffset AssignedAt => (DateTimeOffset)Row[8]!;

    public DateTimeOffset? DeletedAt => (DateTimeOffset?)Row[9];

    public string RunId => (string)Row[10]!;
}

/// <summary>A row of <c>items</c>.</summary>
internal sealed record ItemRow(object?[] Row)
{
    public string? Title => (string?)Row[1];

    public string? Caption => (string?)Row[2];

    public string? Tags => (string?)Row[3];

    public string ContentHash => (string)Row[4]!;

    public DateTimeOffset UpdatedAt => (DateTimeOffset)Row[5]!;

    public DateTimeOffset? DeletedAt => (DateTimeOffset?)Row[6];

    public string? Asr => (string?)Row[7];

    public string? Ocr => (string?)Row[8];
}
