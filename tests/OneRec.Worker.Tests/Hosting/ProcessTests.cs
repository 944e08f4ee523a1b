using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Apache.Arrow.Types;
using OneRec.Kernels.Hashing;
using OneRec.Worker.Tests.Spark;
using OneRec.Worker.Tests.Tasks;

namespace OneRec.Worker.Tests.Hosting;

/// <summary>The executable as Spark starts it.</summary>
public sealed class ProcessTests
{
    private const string TheSecret = "from the factory";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("-m", "pyspark.daemon")]
    [InlineData("-m", "pyspark.daemon", "pyspark.worker")]
    public void Daemon_tells_its_port_and_nothing_else_and_ends_when_standard_input_closes(params string[] arguments)
    {
        using Process worker = Start(arguments, []);
        Stream output = worker.StandardOutput.BaseStream;
        byte[] port = new byte[4];
        output.ReadExactly(port);
        using (var executor = new FakeExecutor(BinaryPrimitives.ReadInt32BigEndian(port)))
        {
            (int pid, string answer) = executor.Greet(TheSecret);
            Assert.Equal((worker.Id, "ok"), (pid, answer));
        }

        // Spark's "kill the worker of this id": it is the process of every other task too.
        worker.StandardInput.BaseStream.Write([(byte)(worker.Id >> 24), (byte)(worker.Id >> 16), (byte)(worker.Id >> 8), (byte)worker.Id]);
        worker.StandardInput.BaseStream.Flush();
        using (var executor = new FakeExecutor(BinaryPrimitives.ReadInt32BigEndian(port)))
        {
            Assert.Equal("ok", executor.Greet(TheSecret).Answer);
        }

        worker.StandardInput.Close();
        Assert.True(worker.WaitForExit(Patience));
        Assert.Equal(0, worker.ExitCode);
        Assert.Equal(-1, output.ReadByte());
    }

    [Fact]
    public void Process_of_one_task_calls_back_and_ends_with_it()
    {
        using var factory = new TcpListener(IPAddress.Loopback, 0);
        factory.Start();
        using Process worker = Start(
            ["-m", "pyspark.worker"],
            new() { ["PYTHON_WORKER_FACTORY_PORT"] = ((IPEndPoint)factory.LocalEndpoint).Port.ToString() });
        using var executor = new FakeExecutor(factory.AcceptSocket());
        Assert.Equal(TheSecret, executor.ReadText());
        executor.SendText("ok");
        Assert.Equal(worker.Id, executor.ReadInt());
        executor.Send(new PayloadWriter { Command = TestKernels.Command(ContentHashKernel.Call(Int64Type.Default)) }.Spark40());
        executor.SendRows(Rows.OneLong, []);
        TaskAnswer answer = executor.Answer();
        Assert.Null(answer.Failure);
        Assert.Equal(-1, answer.LastInt);
        executor.Dispose();
        Assert.True(worker.WaitForExit(Patience));
        Assert.Equal(0, worker.ExitCode);
    }

    [Fact]
    public void Started_by_hand_it_says_who_starts_it()
    {
        using Process worker = Start(["--help"], []);
        Assert.True(worker.WaitForExit(Patience));
        Assert.Equal(2, worker.ExitCode);
        Assert.Equal(
            "onerec-worker is started by Spark executors, not by hand; run onerec --engine spark",
            worker.StandardError.ReadToEnd().Trim());
    }

    private static Process Start(string[] arguments, Dictionary<string, string> environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "onerec-worker"), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PYTHON_WORKER_FACTORY_SECRET"] = TheSecret;
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
