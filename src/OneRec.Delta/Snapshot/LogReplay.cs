namespace OneRec.Delta;

/// <summary>
/// The state that actions leave when applied oldest first: the latest protocol, metadata and transaction of each
/// application, and the files that were added last and not removed since.
/// </summary>
/// <remarks>Actions of one commit may come in any order: the protocol forbids two of one file in a commit.</remarks>
internal sealed class LogReplay
{
    private readonly Dictionary<string, (long Order, AddFile File)> _files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _transactions = new(StringComparer.Ordinal);
    private long _order;

    public Protocol? Protocol { get; private set; }

    public Metadata? Metadata { get; private set; }

    public IReadOnlyDictionary<string, long> Transactions => _transactions;

    /// <summary>The files in the order in which they were added.</summary>
    public IReadOnlyList<AddFile> Files() => [.. _files.Values.OrderBy(f => f.Order).Select(f => f.File)];

    public void Apply(TableAction action)
    {
        switch (action)
        {
            case AddFile add:
                _files[add.DecodedPath] = (_order++, add);
                break;
            case RemoveFile remove:
                _files.Remove(remove.DecodedPath);
                break;
            case Protocol protocol:
                Protocol = protocol;
                break;
            case Metadata metadata:
                Metadata = metadata;
                break;
            case ApplicationTransaction transaction:
                _transactions[transaction.AppId] = transaction.Version;
                break;
        }
    }
}
