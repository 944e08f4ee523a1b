namespace OneRec.Engine.Local.Vectors;

/// <summary>
/// Keeps the reader of a source where it stopped, so that who comes next for what lies behind goes on from there: slices
/// that are taken in the source's order read it once, though a row group be larger than a slice. Room for a batch is kept
/// with it.
/// </summary>
internal sealed class VectorCursors : IDisposable
{
    private readonly ReusedMemory _memory = new();
    private Idle? _idle;
    private long _bytes;

    /// <summary>Bytes of vectors in the row groups opened so far by readers that came back.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Lends a reader of a source to one user; it is given back by disposing the loan.</summary>
    /// <param name="source">The source.</param>
    /// <param name="limits">How much its rows may be.</param>
    public Loan Lend(VectorFiles source, VectorLimits limits)
    {
        Idle? idle = Interlocked.Exchange(ref _idle, null);
        if (idle is not null && !ReferenceEquals(idle.Cursor.Source, source))
        {
            idle.Cursor.Dispose();
            idle = null;
        }

        return new Loan(this, idle ?? new Idle(new VectorCursor(source), VectorRows.Of(source.Kind, _memory, limits.Item)));
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _idle, null)?.Cursor.Dispose();

    /// <summary>A reader that one user has.</summary>
    internal sealed class Loan(VectorCursors owner, Idle lent) : IDisposable
    {
        private readonly long _before = lent.Cursor.Bytes;

        /// <summary>The reader.</summary>
        public VectorCursor Cursor => lent.Cursor;

        /// <summary>Set while a row is read, and so after a failure: what is lent is then not kept.</summary>
        public bool IsBroken { get; set; }

        /// <summary>Where rows are gathered; none are there.</summary>
        public VectorRows Rows => lent.Rows;

        /// <inheritdoc/>
        public void Dispose()
        {
            Interlocked.Add(ref owner._bytes, Cursor.Bytes - _before);

            // A failure leaves a part of a row, and who broke off may leave rows.
            if (IsBroken || Rows.Count > 0)
            {
                Cursor.Dispose();
            }
            else
            {
                Interlocked.Exchange(ref owner._idle, lent)?.Cursor.Dispose();
            }
        }
    }

    /// <summary>A reader and room for its rows.</summary>
    internal sealed record Idle(VectorCursor Cursor, VectorRows Rows);
}
