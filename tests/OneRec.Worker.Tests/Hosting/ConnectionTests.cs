using Apache.Arrow;
using OneRec.Kernels.Batches;
using OneRec.Worker.Hosting;
using OneRec.Worker.Tests.Spark;
using OneRec.Worker.Tests.Tasks;

namespace OneRec.Worker.Tests.Hosting;

public sealed class ConnectionTests : IDisposable
{
    private const string TheSecret = "s3cret";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly TestKernels _kernels = new();
    private readonly Daemon _daemon;

    public ConnectionTests()
    {
        _daemon = new Daemon(_kernels.Registry, TheSecret, TimeProvider.System);
        _daemon.Start();
    }

    public void Dispose() => _daemon.Dispose();

    [Theory]
    [InlineData("s3cres")]
    [InlineData("")]
    [InlineData("s3cret-and-more")]
    public void Wrong_secret_gets_no_answer_but_the_end(string secret)
    {
        using var stranger = new FakeExecutor(_daemon.Port);
        Assert.Equal(Environment.ProcessId, stranger.ReadInt());
        stranger.SendText(secret);
        Assert.True(stranger.IsAtEnd());
    }

    [Fact]
    public void Length_that_no_secret_has_ends_the_connection()
    {
        using var stranger = new FakeExecutor(_daemon.Port);
        stranger.ReadInt();
        stranger.Send([0x7F, 0xFF, 0xFF, 0xFF]);
        Assert.True(stranger.IsAtEnd());
    }

    [Fact]
    public void Quit_in_place_of_a_partition_ends_the_connection()
    {
        using var executor = new FakeExecutor(_daemon.Port);
        executor.Greet(TheSecret);
        executor.Send([0xFF, 0xFF, 0xFF, 0xFF]);
        executor.CloseOutput();
        Assert.True(executor.IsAtEnd());
    }

    [Fact]
    public async Task Kernel_that_only_computes_is_cancelled_when_spark_hangs_up()
    {
        var began = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        byte[] command = _kernels.Add("wait", Rows.OneLong, (_, context) => Wait(context, began, cancelled));
        using (var executor = new FakeExecutor(_daemon.Port))
        {
            executor.Greet(TheSecret);
            executor.Send(new PayloadWriter { Command = command }.Spark35());
            executor.SendRows(Rows.OneLong, [Rows.Longs(1)]);
            await began.Task.WaitAsync(Patience);
        }

        await cancelled.Task.WaitAsync(Patience);
        SameTaskStillRuns();
    }

    [Fact]
    public async Task Kernel_that_waits_for_rows_meets_the_hang_up()
    {
        var began = new TaskCompletionSource();
        var ended = new TaskCompletionSource<Exception>();
        byte[] command = _kernels.Add("read", Rows.OneLong, (rows, _) => Read(rows, began, ended));
        using (var executor = new FakeExecutor(_daemon.Port))
        {
            executor.Greet(TheSecret);
            executor.Send(new PayloadWriter { Command = command }.Spark35());
            await began.Task.WaitAsync(Patience);
        }

        Assert.Equal("PeerGoneException", (await ended.Task.WaitAsync(Patience)).GetType().Name);
        SameTaskStillRuns();
    }

    [Fact]
    public async Task Callback_that_throws_on_cancellation_harms_no_other_task()
    {
        var began = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        byte[] command = _kernels.Add("callback", Rows.OneLong, (_, context) =>
        {
            context.Cancellation.Register(() => throw new InvalidOperationException("a kernel's callback"));
            return Wait(context, began, cancelled);
        });
        using (var executor = new FakeExecutor(_daemon.Port))
        {
            executor.Greet(TheSecret);
            executor.Send(new PayloadWriter { Command = command }.Spark35());
            executor.SendRows(Rows.OneLong, [Rows.Longs(1)]);
            await began.Task.WaitAsync(Patience);
        }

        await cancelled.Task.WaitAsync(Patience);
        SameTaskStillRuns();
    }

    private static IEnumerable<RecordBatch> Wait(KernelContext context, TaskCompletionSource began, TaskCompletionSource cancelled)
    {
        began.SetResult();
        if (context.Cancellation.WaitHandle.WaitOne(Patience))
        {
            cancelled.SetResult();
        }

        context.Cancellation.ThrowIfCancellationRequested();
        yield break;
    }

    private static IEnumerable<RecordBatch> Read(
        IEnumerable<RecordBatch> rows,
        TaskCompletionSource began,
        TaskCompletionSource<Exception> ended)
    {
        began.SetResult();
        try
        {
            _ = rows.Count();
        }
        catch (Exception e)
        {
            ended.SetResult(e);
            throw;
        }

        return [];
    }

    private void SameTaskStillRuns()
    {
        byte[] command = _kernels.Add($"after-{Guid.NewGuid()}", Rows.OneLong, (_, _) => [Rows.Longs(5)]);
        using var executor = new FakeExecutor(_daemon.Port);
        Assert.Equal("ok", executor.Greet(TheSecret).Answer);
        executor.Send(new PayloadWriter { Command = command }.Spark35());
        executor.SendRows(Rows.OneLong, [Rows.Longs(1)]);
        Assert.Equal([5], executor.Answer().Longs(0));
    }
}
