using System.Globalization;
using System.Text.Json;
using OneRec.Core;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Steps.Backfill;

/// <summary>
/// Leases on the slices of a backfill, so that several processes do not do the same work. A lease is a checkpoint named
/// <c>SLICE.EPOCH</c>: whoever creates the next epoch has the slice, and renews the lease while it works.
/// </summary>
/// <remarks>
/// Only time is lost where a lease fails, for example by clocks that differ: a slice is committed at most once
/// (<see cref="TableWrite.Once"/>).
/// </remarks>
/// <param name="store">Where leases are.</param>
/// <param name="work">The name of the backfill among checkpoints.</param>
/// <param name="length">How long a lease holds without being renewed.</param>
/// <param name="clock">Time.</param>
internal sealed class SliceLeases(ICheckpoints store, string work, TimeSpan length, TimeProvider clock)
{
    /// <summary>Takes a slice that nobody works on; null if another process does.</summary>
    /// <exception cref="OneRecException">The lease cannot be written (exit 5).</exception>
    public SliceLease? TryTake(int slice)
    {
        int epoch = Newest(slice);
        if (epoch > 0 && IsLive(slice, epoch))
        {
            return null;
        }

        return store.TryCreate(work, Name(slice, epoch + 1), Note()) ? new SliceLease(this, slice, epoch + 1, clock, length / 3) : null;
    }

    /// <summary>Who works on a slice, and until when without a renewal; null if nobody does.</summary>
    public string? Holder(int slice)
    {
        int epoch = Newest(slice);
        return epoch > 0 && Read(slice, epoch) is { } note && IsLive(slice, epoch)
            ? string.Create(CultureInfo.InvariantCulture, $"process {note.Holder.Process} on {note.Holder.Host}, until {note.Until:yyyy-MM-dd HH:mm:ss} UTC")
            : null;
    }

    /// <summary>Whether a lease is still the newest of its slice, and not expired.</summary>
    internal bool Holds(int slice, int epoch) => Newest(slice) == epoch && Read(slice, epoch) is { } note && note.Until > clock.GetUtcNow();

    internal void Renew(int slice, int epoch) => store.Save(work, Name(slice, epoch), Note());

    internal void End(int slice, int epoch) => store.Save(work, Name(slice, epoch), Bytes(new LeaseNote(ProcessMark.Self, DateTimeOffset.UnixEpoch)));

    private static string Name(int slice, int epoch) => string.Create(CultureInfo.InvariantCulture, $"{slice}.{epoch}");

    private static byte[] Bytes(LeaseNote note) => JsonSerializer.SerializeToUtf8Bytes(note);

    private byte[] Note() => Bytes(new LeaseNote(ProcessMark.Self, clock.GetUtcNow() + length));

    private int Newest(int slice)
    {
        string prefix = string.Create(CultureInfo.InvariantCulture, $"{slice}.");
        return store.Names(work)
            .Where(n => n.StartsWith(prefix, StringComparison.Ordinal))
            .Select(n => int.TryParse(n.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int epoch) ? epoch : 0)
            .DefaultIfEmpty()
            .Max();
    }

    // A process that was killed on this machine need not be waited for.
    private bool IsLive(int slice, int epoch) =>
        Read(slice, epoch) is { } note && note.Until > clock.GetUtcNow() && !note.Holder.HasEnded();

    private LeaseNote? Read(int slice, int epoch)
    {
        try
        {
            return store.Load(work, Name(slice, epoch)) is { } bytes ? JsonSerializer.Deserialize<LeaseNote>(bytes) : null;
        }
        catch (JsonException)
        {
            // A lease that cannot be read holds nothing.
            return null;
        }
    }

    /// <summary>The content of a lease.</summary>
    private sealed record LeaseNote(ProcessMark Holder, DateTimeOffset Until);
}

/// <summary>A slice that this process works on. Disposing it lets others have it.</summary>
internal sealed class SliceLease : IDisposable
{
    private readonly SliceLeases _leases;
    private readonly int _slice;
    private readonly int _epoch;
    private readonly ITimer _renewal;
    private readonly Lock _gate = new();
    private bool _ended;

    internal SliceLease(SliceLeases leases, int slice, int epoch, TimeProvider clock, TimeSpan every)
    {
        (_leases, _slice, _epoch) = (leases, slice, epoch);
        _renewal = clock.CreateTimer(_ => Renew(), null, every, every);
    }

    /// <summary>Requires that the slice is still this process's.</summary>
    /// <exception cref="LeaseLostException">It is not: the process was stopped for too long, or could not renew the lease.</exception>
    public void Require()
    {
        if (!_leases.Holds(_slice, _epoch))
        {
            throw new LeaseLostException();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _renewal.Dispose();
        lock (_gate)
        {
            _ended = true;
            Quietly(() =>
            {
                if (_leases.Holds(_slice, _epoch))
                {
                    _leases.End(_slice, _epoch);
                }
            });
        }
    }

    private void Renew()
    {
        lock (_gate)
        {
            if (!_ended)
            {
                Quietly(() => _leases.Renew(_slice, _epoch));
            }
        }
    }

    // A lease that cannot be written expires, which Require tells.
    private static void Quietly(Action act)
    {
        try
        {
            act();
        }
        catch (Exception e) when (e is OneRecException or IOException or UnauthorizedAccessException)
        {
        }
    }
}

/// <summary>A slice is no longer this process's: what it did not commit is done by another one.</summary>
internal sealed class LeaseLostException : Exception;
