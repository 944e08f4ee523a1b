using System.Net;
using System.Net.Sockets;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Kernels.Remote;
using OneRec.Testing;
using OneRec.Worker.Hosting;
using OneRec.Worker.Tests.Spark;

namespace OneRec.Worker.Tests.Tasks;

public sealed class BroadcastTests : IDisposable
{
    private const string TheSecret = "s3cret";

    private readonly TestKernels _kernels = new();
    private readonly Daemon _daemon;
    private readonly byte[] _command;

    public BroadcastTests()
    {
        _daemon = new Daemon(_kernels.Registry, TheSecret, TimeProvider.System);
        _daemon.Start();

        // A row for each side row, read twice, the batches kept beyond the reading.
        _command = _kernels.Add(
            "side",
            Rows.OneLong,
            (_, context) =>
            {
                List<RecordBatch> kept = [.. context.Side("a"), .. context.Side("b"), .. context.Side("a")];
                return [Rows.Longs([.. kept.SelectMany(b => (Int64Array)b.Column(0)).Select(v => v!.Value)])];
            },
            new() { ["a"] = 11, ["b"] = 12 });
    }

    public void Dispose() => _daemon.Dispose();

    [Fact]
    public void Sides_in_files_are_read_as_often_as_asked()
    {
        using var folder = new ScratchFolder();
        File.WriteAllBytes(folder["a"], Framed(1, 2));
        File.WriteAllBytes(folder["b"], Framed(3));
        TaskAnswer answer = Run(new PayloadWriter { Command = _command, Broadcasts = [(11, folder["a"]), (12, folder["b"])] }.Spark35());
        Assert.Null(answer.Failure);
        Assert.Equal([1, 2, 3, 1, 2], answer.Longs(0));
    }

    [Fact]
    public async Task Encrypted_sides_are_fetched_bare_and_without_waiting_for_an_end()
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        Task<string> served = Task.Run(() => ServeBroadcasts(server, (11, Framed(1, 2)), (12, Framed(3))));
        TaskAnswer answer = Run(new PayloadWriter
        {
            Command = _command,
            Encrypted = (((IPEndPoint)server.LocalEndpoint).Port, "b-secret", [11, 12]),
        }.Spark40());
        Assert.Null(answer.Failure);
        Assert.Equal([1, 2, 3, 1, 2], answer.Longs(0));
        Assert.Equal("b-secret then 1", await served);
    }

    [Fact]
    public void Side_that_was_not_sent_is_named()
    {
        TaskAnswer answer = Run(new PayloadWriter { Command = _command }.Spark35());
        Assert.Equal("Spark did not send broadcast 11, the side input 'a'", WorkerFailure.TryRead(answer.Failure)!.Message);
    }

    [Fact]
    public void Side_file_that_cannot_be_read_is_named()
    {
        using var folder = new ScratchFolder();
        TaskAnswer answer = Run(new PayloadWriter { Command = _command, Broadcasts = [(11, folder["no"]), (12, folder["no"])] }.Spark35());
        Assert.Equal("worker.broadcast", WorkerFailure.TryRead(answer.Failure)!.Code);
        Assert.Contains(folder["no"], WorkerFailure.TryRead(answer.Failure)!.Message, StringComparison.Ordinal);
    }

    private static byte[] Framed(params long[] values)
    {
        var stream = new MemoryStream();
        using (var writer = new ArrowStreamWriter(stream, Rows.OneLong, leaveOpen: true))
        {
            writer.WriteRecordBatch(Rows.Longs(values));
            writer.WriteEnd();
        }

        byte[] length = BitConverter.GetBytes(stream.Length);
        return [.. length.Reverse(), .. stream.ToArray()];
    }

    // After EncryptedPythonBroadcastServer: secret, "ok", then id and bare bytes; the connection stays open until '1' comes.
    private static string ServeBroadcasts(TcpListener server, params (long Id, byte[] Bytes)[] broadcasts)
    {
        using var worker = new FakeExecutor(server.AcceptSocket());
        string secret = worker.ReadText();
        worker.SendText("ok");
        foreach ((long id, byte[] bytes) in broadcasts)
        {
            worker.Send([.. BitConverter.GetBytes(id).Reverse(), .. bytes]);
        }

        return $"{secret} then {(char)worker.ReadByte()}";
    }

    private TaskAnswer Run(byte[] header)
    {
        using var executor = new FakeExecutor(_daemon.Port);
        Assert.Equal("ok", executor.Greet(TheSecret).Answer);
        executor.Send(header);
        executor.SendRows(Rows.OneLong, [Rows.Longs(0)]);
        return executor.Answer();
    }
}
