using OneRec.Core;
using OneRec.Kernels.Clustering;

namespace OneRec.Kernels.Tests.Clustering;

public sealed class WorkersTests
{
    [Fact]
    public void Every_piece_is_done_once_and_nothing_runs_on_afterwards()
    {
        var random = new SplitMix64(7);
        int active = 0;
        for (int round = 0; round < 3_000; round++)
        {
            int[] done = new int[random.NextBelow(40)];
            int next = 0;
            Workers.Run(1 + (int)random.NextBelow(4), () =>
            {
                Interlocked.Increment(ref active);
                for (int piece; (piece = Interlocked.Increment(ref next) - 1) < done.Length;)
                {
                    Interlocked.Increment(ref done[piece]);
                    Thread.SpinWait(piece);
                }

                Interlocked.Decrement(ref active);
            });
            Assert.All(done, times => Assert.Equal(1, times));
            Assert.Equal(0, Volatile.Read(ref active));
            if (round % 500 == 0)
            {
                // Long enough for all to fall asleep.
                Thread.Sleep(20);
            }
        }
    }

    [Fact]
    public async Task Several_callers_at_once_do_not_take_each_others_work()
    {
        Task[] callers =
        [
            .. Enumerable.Range(0, 6).Select(caller => Task.Run(() =>
            {
                for (int round = 0; round < 500; round++)
                {
                    int sum = 0;
                    int next = 0;
                    Workers.Run(3, () =>
                    {
                        for (int piece; (piece = Interlocked.Increment(ref next) - 1) < 20;)
                        {
                            Interlocked.Add(ref sum, caller + piece);
                        }
                    });
                    Assert.Equal((20 * caller) + 190, sum);
                }
            }, TestContext.Current.CancellationToken)),
        ];
        await Task.WhenAll(callers).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_failure_in_any_thread_is_thrown_and_the_threads_go_on_to_work()
    {
        for (int round = 0; round < 200; round++)
        {
            int next = 0;
            OperationCanceledException thrown = Assert.Throws<OperationCanceledException>(() => Workers.Run(3, () =>
            {
                for (int piece; (piece = Interlocked.Increment(ref next) - 1) < 30;)
                {
                    Thread.SpinWait(50);
                    if (piece == 17)
                    {
                        throw new OperationCanceledException("17");
                    }
                }
            }));
            Assert.Equal("17", thrown.Message);
        }

        int done = 0;
        Workers.Run(3, () => Interlocked.Increment(ref done));
        Assert.InRange(done, 1, 3);
    }
}
