namespace OneRec.Engine.Local.Vectors;

/// <summary>
/// Keeps the reader of a source at the position where it stopped, so that the next slice continues from there. Slices taken
/// in the order of the source read it once, even if a row group is larger than a slice. The buffers of a batch are kept too.
/// </summary>
internal sealed class VectorCursors : IDisposable
{
    private readonly ReusedMemory _memory = new();
    private Idle? _idle;
    private long _bytes;

    /// <summary>Bytes of vectors in the row groups opened so far by readers that were returned.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Lends a reader of a source; disposing the loan returns it.</summary>
    /// <param name="source">The source.</param>
    /// <param name="limits">Size limits of its rows.</param>
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

    /// <summary>A reader on loan.</summary>
    internal sealed class Loan(VectorCursors owner, Idle lent) : IDisposable
    {
        private readonly long _before = lent.Cursor.Bytes;

        /// <summary>The reader.</summary>
        public VectorCursor Cursor => lent.Cursor;

        /// <summary>Set while a row is read, and therefore after a failure: the reader is then not kept.</summary>
        public bool IsBroken { get; set; }

        /// <summary>The buffer for rows, empty.</summary>
        public VectorRows Rows => lent.Rows;

        /// <inheritdoc/>
        public void Dispose()
        {
            Interlocked.Add(ref owner._bytes, Cursor.Bytes - _before);

            // A failure leaves part of a row, and a consumer that stopped early may leave rows.
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

    /// <summary>A reader and the buffer for its rows.</summary>
    internal sealed record Idle(VectorCursor Cursor, VectorRows Rows);
}
