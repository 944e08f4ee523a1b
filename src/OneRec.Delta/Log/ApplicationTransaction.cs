namespace OneRec.Delta;

/// <summary>How far an application has come (action <c>txn</c>).</summary>
/// <param name="AppId">The application's id.</param>
/// <param name="Version">Its own version, which never falls.</param>
public sealed record ApplicationTransaction(string AppId, long Version) : TableAction;
