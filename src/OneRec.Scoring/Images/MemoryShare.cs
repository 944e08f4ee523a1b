namespace OneRec.Scoring.Images;

/// <summary>Memory that the threads of a task share for what they decode: a thread waits until there is enough.</summary>
/// <param name="bytes">All of it.</param>
internal sealed class MemoryShare(long bytes)
{
    private readonly object _lock = new();
    private long _left = bytes;

    /// <summary>All of it, in bytes.</summary>
    public long Bytes { get; } = bytes;

    /// <summary>Takes memory; returns when there is enough. A thread must not take twice before it returns the first.</summary>
    /// <param name="needed">Bytes, at most <see cref="Bytes"/>.</param>
    public void Take(long needed)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(needed, Bytes);
        lock (_lock)
        {
            while (needed > _left)
            {
                Monitor.Wait(_lock);
            }

            _left -= needed;
        }
    }

    /// <summary>Gives memory back.</summary>
    public void Return(long taken)
    {
        lock (_lock)
        {
            _left += taken;
            Monitor.PulseAll(_lock);
        }
    }
}
