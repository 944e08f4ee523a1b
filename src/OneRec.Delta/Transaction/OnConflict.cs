namespace OneRec.Delta;

/// <summary>What a commit does when others committed since the snapshot was read.</summary>
public enum OnConflict
{
    /// <summary>Gives up: any commit since is a conflict. For what was computed from the table's rows.</summary>
    Fail,

    /// <summary>
    /// Goes on at the next version where the others changed neither metadata nor protocol and no <c>txn</c> of ours. For
    /// appends that read nothing; a transaction that removes files cannot ask for it.
    /// </summary>
    AppendAfter,
}
