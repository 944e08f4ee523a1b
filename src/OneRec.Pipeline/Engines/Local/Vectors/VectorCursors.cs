using OneRec.Pipeline.Engine;

namespace OneRec.Pipeline.Engines.Local.Vectors;

/// <summary>
/// Keeps the reader of a source where it stopped, so that who comes next for what lies behind goes on from there: slices
/// that are taken in the source's order read it once, though a row group be larger than a slice.
/// </summary>
internal sealed class VectorCursors : IDisposable
{
    private VectorCursor? _idle;
    private long _bytes;

    /// <summary>Bytes of vectors in the row groups opened so far by readers that came back.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Lends a reader of a source to one user; it is given back by disposing the loan.</summary>
    public Loan Lend(VectorSource source)
    {
        VectorCursor? idle = Interlocked.Exchange(ref _idle, null);
        if (idle is not null && !ReferenceEquals(idle.Source, source))
        {
            idle.Dispose();
            idle = null;
        }

        return new Loan(this, idle ?? new VectorCursor(source));
    }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _idle, null)?.Dispose();

    /// <summary>A reader that one user has.</summary>
    internal sealed class Loan(VectorCursors owner, VectorCursor cursor) : IDisposable
    {
        private readonly long _before = cursor.Bytes;

        /// <summary>The reader.</summary>
        public VectorCursor Cursor => cursor;

        /// <inheritdoc/>
        public void Dispose()
        {
            Interlocked.Add(ref owner._bytes, cursor.Bytes - _before);
            Interlocked.Exchange(ref owner._idle, cursor)?.Dispose();
        }
    }
}
