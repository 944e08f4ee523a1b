using System.Diagnostics;
using OneRec.Core;
using OneRec.Delta.Committer;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>
/// Commits, checkpoints, compactions, vacuums and log clean-ups that end at each of their acts on the disk, by a kill of the
/// process or by a power cut after which the disk has what was not synced in any order.
/// </summary>
public sealed class InterruptionTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public static TheoryData<string> Kinds => [.. Work.Kinds];

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData("checkpoint", 5)]
    [InlineData("compact", 7)]
    [InlineData("cleanup", 3)]
    public Task Killed_at_some_acts_the_table_is_whole(string kind, int stride) => Kill(kind, stride, wornRounds: 0);

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait(TestKind.Trait, TestKind.All)]
    public Task Killed_at_every_act_the_table_is_whole(string kind) => Kill(kind, 1, wornRounds: 4);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Power_cut_at_any_act_with_any_order_of_writes_leaves_the_table_whole(string kind) => Cut(kind, orders: 1);

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait(TestKind.Trait, TestKind.All)]
    public void Power_cut_at_any_act_with_very_many_orders_of_writes_leaves_the_table_whole(string kind) => Cut(kind, orders: 25);

    /// <summary>Kills a process at every moment, on a new table each time, then on one where what kills left piles up.</summary>
    private async Task Kill(string kind, int stride, int wornRounds)
    {
        Work.Prepare(_scratch["template"], kind, 1);
        int kills = 0;
        bool wasDone = false;
        int moments = 1;
        for (; ; moments += stride)
        {
            string folder = _scratch[$"{moments}"];
            Copy(_scratch["template"], folder);
            var survivor = new Survivor(folder, kind);
            bool killed = await Die(folder, kind, moments, survivor);
            bool done = survivor.RequireWhole();

            // What was done at an earlier moment is done at a later one.
            Assert.True(done || !wasDone, $"moment {moments}");
            wasDone = done;
            if (!killed)
            {
                Assert.True(done);
                break;
            }

            kills++;
        }

        for (int i = 0; i < wornRounds * moments && kind != "create"; i++)
        {
            string folder = _scratch["worn"];
            Work.Prepare(folder, kind, Directory.Exists(folder) ? new Survivor(folder, kind).NextId : 1);
            var survivor = new Survivor(folder, kind);
            kills += await Die(folder, kind, (i % moments) + 1, survivor) ? 1 : 0;
            survivor.RequireWhole();
        }

        TestContext.Current.SendDiagnosticMessage("{0}: {1} kills, {2} moments", kind, kills, moments);
        Assert.InRange(kills, 1, int.MaxValue);
    }

    private static async Task<bool> Die(string folder, string kind, int at, Survivor survivor)
    {
        using Process process = CommitterProcess.Start(folder, survivor.NextId, at, "die", kind);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
        Assert.True(process.ExitCode is 0 or (128 + 9), $"exit code {process.ExitCode}");
        return process.ExitCode != 0;
    }

    private void Cut(string kind, int orders)
    {
        Work.Prepare(_scratch["template"], kind, 1);
        int cuts = 0;
        int[] outcomes = new int[2];
        for (int order = 0; order < orders; order++)
        {
            bool died = true;
            for (int at = 1; died; at++)
            {
                for (int acts = 0; acts < 2; acts++)
                {
                    string root = _scratch[$"{order}-{at}-{acts}"];
                    string folder = Path.Combine(root, "t");
                    Directory.CreateDirectory(root);
                    Copy(_scratch["template"], folder);
                    var survivor = new Survivor(folder, kind);
                    var disk = new PowerCut(root, at, acts == 1);
                    died = Cut(Work.Table(folder, kind, disk), kind, survivor, disk, (ulong)((order * 1_000) + (2 * at) + acts));
                    cuts += died ? 1 : 0;
                    bool done = survivor.RequireWhole();
                    outcomes[done ? 1 : 0]++;
                    Assert.True(done || died);
                    Directory.Delete(root, recursive: true);
                }
            }
        }

        TestContext.Current.SendDiagnosticMessage("{0}: {1} power cuts, {2} before and {3} after", kind, cuts, outcomes[0], outcomes[1]);
        Assert.True(outcomes[1] > 0 && (outcomes[0] > 0 || kind is "vacuum" or "cleanup"));
    }

    private static bool Cut(DeltaTable table, string kind, Survivor survivor, PowerCut disk, ulong seed)
    {
        try
        {
            Work.Perform(table, kind, survivor.NextId, () => { });
            return false;
        }
        catch (PowerLostException)
        {
            var random = new SplitMix64(seed);
            disk.ComeBack(ref random);
            return true;
        }
    }

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(from))
        {
            ScratchFolder.CopyTree(from, to);
        }
    }
}
