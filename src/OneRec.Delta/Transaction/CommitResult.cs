namespace OneRec.Delta;

/// <summary>The outcome of a commit.</summary>
public abstract record CommitResult
{
    private CommitResult()
    {
    }

    /// <summary>The change is durable and visible.</summary>
    /// <param name="Version">The version that it created.</param>
    public sealed record Committed(long Version) : CommitResult;

    /// <summary>Another writer committed first; the table is as that writer left it.</summary>
    /// <param name="Version">The conflicting version.</param>
    public sealed record Conflict(long Version) : CommitResult;
}

/// <summary>What a commit does if others have committed since the snapshot was read.</summary>
public enum OnConflict
{
    /// <summary>Fails: any commit since then is a conflict. For changes computed from the table's rows.</summary>
    Fail,

    /// <summary>
    /// Retries at the next version, if the others changed neither the metadata nor the protocol nor one of our <c>txn</c>.
    /// For appends that read nothing; not allowed in a transaction that removes files.
    /// </summary>
    AppendAfter,

    /// <summary>
    /// Retries at the next version, if the others changed neither the metadata nor the protocol and removed none of the files
    /// that the transaction rearranges.
    /// </summary>
    RearrangeAfter,
}
