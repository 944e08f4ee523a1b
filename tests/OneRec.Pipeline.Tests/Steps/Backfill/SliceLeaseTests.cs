using System.Collections.Concurrent;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Steps.Backfill;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Steps.Backfill;

/// <summary>Leases: one holder of a slice, who notices when it is no longer the holder.</summary>
public sealed class SliceLeaseTests
{
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(2);

    private readonly MemoryCheckpoints _store = new();
    private readonly SetClock _clock = new(DateTimeOffset.UnixEpoch.AddYears(50));

    [Fact]
    public void Slice_has_one_holder_and_is_free_when_that_one_ends()
    {
        using (SliceLease? held = Leases().TryTake(3))
        {
            Assert.NotNull(held);
            Assert.Null(Leases().TryTake(3));
            using SliceLease? other = Leases().TryTake(4);
            Assert.NotNull(other);
            Assert.Contains(" on ", Leases().Holder(3), StringComparison.Ordinal);
            held.Require();
        }

        Assert.Null(Leases().Holder(3));
        using SliceLease? next = Leases().TryTake(3);
        Assert.NotNull(next);
    }

    [Fact]
    public void Holder_that_slept_too_long_notices_and_does_not_end_the_lease_of_the_next_one()
    {
        SliceLease slow = Leases().TryTake(0)!;
        _clock.Now += Length;
        Assert.Throws<LeaseLostException>(slow.Require);
        using SliceLease fast = Leases().TryTake(0)!;
        Assert.NotNull(fast);
        Assert.Throws<LeaseLostException>(slow.Require);
        slow.Dispose();
        fast.Require();
        Assert.Null(Leases().TryTake(0));
    }

    [Fact]
    public void Lease_of_a_process_of_this_machine_that_has_ended_is_free_at_once()
    {
        using SliceLease held = Leases().TryTake(0)!;
        (string name, byte[] note) = _store.Saved.Single();
        string text = System.Text.Encoding.UTF8.GetString(note).Replace($"\"Process\":{Environment.ProcessId}", "\"Process\":2147483646", StringComparison.Ordinal);
        _store.Saved[name] = System.Text.Encoding.UTF8.GetBytes(text);
        using SliceLease? next = Leases().TryTake(0);
        Assert.NotNull(next);
    }

    [Fact]
    public void Lease_of_another_machine_holds_until_it_expires()
    {
        using SliceLease held = Leases().TryTake(0)!;
        (string name, byte[] note) = _store.Saved.Single();
        string text = System.Text.Encoding.UTF8.GetString(note).Replace(Environment.MachineName, "another-" + Environment.MachineName, StringComparison.Ordinal);
        _store.Saved[name] = System.Text.Encoding.UTF8.GetBytes(text);
        Assert.Null(Leases().TryTake(0));
        _clock.Now += Length;
        using SliceLease? next = Leases().TryTake(0);
        Assert.NotNull(next);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("\0\0\0")]
    public void Lease_that_cannot_be_read_holds_nothing(string content)
    {
        _store.Saved["0.7"] = System.Text.Encoding.UTF8.GetBytes(content);
        using SliceLease? lease = Leases().TryTake(0);
        Assert.NotNull(lease);
        Assert.Contains("0.8", _store.Saved.Keys);
    }

    [Fact]
    public async Task Of_many_at_once_one_gets_it()
    {
        SliceLease?[] all = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => Task.Run(() => Leases().TryTake(9))));
        Assert.Single(all, lease => lease is not null);
    }

    private SliceLeases Leases() => new(_store, "work", Length, _clock);

    private sealed class MemoryCheckpoints : ICheckpoints
    {
        public ConcurrentDictionary<string, byte[]> Saved { get; } = new();

        public byte[]? Load(string step, string name) => Saved.GetValueOrDefault(name);

        public void Save(string step, string name, byte[] bytes) => Saved[name] = bytes;

        public bool TryCreate(string step, string name, byte[] bytes) => Saved.TryAdd(name, bytes);

        public IReadOnlyList<string> Names(string step) => [.. Saved.Keys];

        public void Remove(string step, string name) => Saved.TryRemove(name, out _);

        public void Clear(string step) => Saved.Clear();
    }
}
