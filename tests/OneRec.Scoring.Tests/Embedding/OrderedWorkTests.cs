using CsCheck;
using OneRec.Scoring.Embedding;

namespace OneRec.Scoring.Tests.Embedding;

public sealed class OrderedWorkTests
{
    [Fact]
    public void Answers_come_in_order_at_any_number_of_threads() =>
        Gen.Select(Gen.Int[0, 60], Gen.Int[1, 6], Gen.Int[1, 40]).Sample(
            (count, threads, budget) =>
            {
                IEnumerable<Answer> answers = OrderedWork.Run(
                    Enumerable.Range(0, count),
                    i =>
                    {
                        Thread.SpinWait((i * 7919) % 5000);
                        return new Answer(i, null);
                    },
                    threads,
                    _ => 1,
                    budget,
                    TestContext.Current.CancellationToken);
                Assert.Equal(Enumerable.Range(0, count), answers.Select(a => a.Value));
            },
            iter: 100,
            threads: 1);

    [Fact]
    public void The_first_pieces_error_is_thrown_and_what_nobody_took_is_disposed()
    {
        var disposed = new System.Collections.Concurrent.ConcurrentBag<int>();
        var made = new System.Collections.Concurrent.ConcurrentBag<int>();
        var taken = new List<int>();
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (Answer answer in OrderedWork.Run(
                Enumerable.Range(0, 30),
                i =>
                {
                    if (i is 7 or 9)
                    {
                        throw new InvalidOperationException($"piece {i}");
                    }

                    made.Add(i);
                    return new Answer(i, disposed);
                },
                4,
                _ => 1,
                100,
                TestContext.Current.CancellationToken))
            {
                taken.Add(answer.Value);
            }
        });
        Assert.Equal("piece 7", e.Message);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], taken);
        Assert.Equal(made.Except(taken).Order(), disposed.Order());
    }

    [Fact]
    public void It_reads_no_further_ahead_than_its_budget()
    {
        int read = 0;
        using var gate = new ManualResetEventSlim();
        IEnumerable<int> Source()
        {
            for (int i = 0; i < 100; i++)
            {
                read++;
                yield return i;
            }
        }

        using IEnumerator<Answer> answers = OrderedWork.Run(
            Source(), i => new Answer(i, null), 2, _ => 10, 35, TestContext.Current.CancellationToken).GetEnumerator();
        Assert.True(answers.MoveNext());
        Assert.Equal(4, read);
        Assert.True(answers.MoveNext());
        Assert.Equal(5, read);
    }

    [Fact]
    public void A_caller_that_stops_early_leaves_nothing_running()
    {
        var disposed = new System.Collections.Concurrent.ConcurrentBag<int>();
        var made = new System.Collections.Concurrent.ConcurrentBag<int>();
        int running = 0;
        foreach (Answer answer in OrderedWork.Run(
            Enumerable.Range(0, 100),
            i =>
            {
                Interlocked.Increment(ref running);
                Thread.SpinWait(50_000);
                made.Add(i);
                Interlocked.Decrement(ref running);
                return new Answer(i, disposed);
            },
            3,
            _ => 1,
            1000,
            TestContext.Current.CancellationToken))
        {
            if (answer.Value == 2)
            {
                break;
            }
        }

        Assert.Equal(0, Volatile.Read(ref running));
        Assert.Equal(made.Except([0, 1, 2]).Order(), disposed.Order());
    }

    private sealed record Answer(int Value, System.Collections.Concurrent.ConcurrentBag<int>? Disposed) : IDisposable
    {
        public void Dispose() => Disposed?.Add(Value);
    }
}
