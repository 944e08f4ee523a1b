using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Hashing;
using OneRec.Kernels.Remote;
using OneRec.Worker.Hosting;
using OneRec.Worker.Tests.Spark;

namespace OneRec.Worker.Tests.Tasks;

public sealed class TaskTests : IDisposable
{
    private const string TheSecret = "s3cret";

    private readonly TestKernels _kernels = new();
    private readonly Daemon _daemon;

    public TaskTests()
    {
        _daemon = new Daemon(_kernels.Registry, TheSecret, TimeProvider.System);
        _daemon.Start();
    }

    public static TheoryData<string> Releases => ["3.5", "4.0", "4.0 profiled"];

    public void Dispose() => _daemon.Dispose();

    [Theory]
    [MemberData(nameof(Releases))]
    public void Task_of_each_release_maps_its_rows(string release)
    {
        byte[] command = _kernels.Add("add", Rows.OneLong, (rows, _) => rows.Select(b => Shifted(b, 100)));
        var payload = new PayloadWriter { Command = command };
        byte[] header = release switch
        {
            "3.5" => payload.Spark35(),
            "4.0" => payload.Spark40(),
            _ => payload.Spark40("perf"),
        };
        TaskAnswer answer = Run(header, Rows.OneLong, [Rows.Longs(1, 2), Rows.Longs(), Rows.Longs(3)]);
        Assert.Null(answer.Failure);
        Assert.Equal([101, 102, 103], answer.Longs(0));
    }

    [Fact]
    public void End_tells_times_and_never_offers_the_socket_for_another_task()
    {
        byte[] command = _kernels.Add("same", Rows.OneLong, (rows, _) => rows.Select(b => Shifted(b, 0)));
        TaskAnswer answer = Run(new PayloadWriter { Command = command }.Spark35(), Rows.OneLong, [Rows.Longs(1)]);
        Assert.Equal(answer.Times.Order(), answer.Times);
        Assert.InRange(answer.Times[0], 1_700_000_000_000, 4_000_000_000_000);
        Assert.Equal([0, 0], answer.Spilled);
        TaskReport report = TaskReport.TryRead(Assert.Single(answer.Updates))!;
        Assert.Equal((answer.Times![2] - answer.Times[0]) / 1000.0, report.Seconds);
        Assert.Equal(-1, answer.LastInt);
    }

    [Fact]
    public void Kernel_without_rows_sends_no_stream()
    {
        byte[] command = _kernels.Add("none", Rows.OneLong, (rows, _) => rows.Where(_ => false));
        TaskAnswer answer = Run(new PayloadWriter { Command = command }.Spark35(), Rows.OneLong, [Rows.Longs(1)]);
        Assert.False(answer.HasStream);
        Assert.Equal(-1, answer.LastInt);
    }

    [Fact]
    public void Real_kernel_runs_by_its_name()
    {
        string[] texts = ["title", "caption", "tags", "asr", "ocr", "tokens_version", "images_version"];
        var schema = new Schema(
            [new Field("item_id", StringType.Default, false), .. texts.Select(t => new Field(t, StringType.Default, true))], null);
        var text = new StringArray.Builder().Append("a\"b,\n✓").AppendNull().Build();
        var batch = new RecordBatch(schema, [new StringArray.Builder().Append("i").Append("j").Build(), .. texts.Select(_ => text)], 2);
        byte[] command = TestKernels.Command(ContentHashKernel.Call(StringType.Default));
        TaskAnswer answer = Run(new PayloadWriter { Command = command }.Spark35(), schema, [batch]);
        Assert.Equal(["i", "j"], answer.Texts(0));
        Assert.Equal(["a\"b,\n✓", null], answer.Texts(3));
        Assert.All(answer.Texts(6), hash => Assert.Matches("^[0-9a-f]{64}$", hash));
    }

    [Fact]
    public void Slices_arrive_as_their_rows()
    {
        byte[] command = _kernels.Add("slice", Rows.OneList, (rows, _) => rows.Select(b => b.SliceShared(1, 2)));
        TaskAnswer answer = Run(
            new PayloadWriter { Command = command }.Spark35(),
            Rows.OneList,
            [Rows.Lists([1f], null, [2f, 3f], [4f])]);
        RecordBatch only = Assert.Single(answer.Batches);
        var lists = (ListArray)only.Column(0);
        Assert.True(lists.IsNull(0));
        Assert.Equal([2f, 3f], ((FloatArray)lists.GetSlicedValues(1)).ToArray().Select(v => v!.Value));
    }

    [Fact]
    public void Kernel_that_stops_early_ends_well_though_much_input_is_unread()
    {
        byte[] command = _kernels.Add("first", Rows.OneLong, (rows, _) => rows.Take(1).Select(b => Shifted(b, 0)));
        RecordBatch large = Rows.Longs(new long[500_000]);
        TaskAnswer answer = Run(
            new PayloadWriter { Command = command }.Spark35(),
            Rows.OneLong,
            [Rows.Longs(7), large, large, large, large]);
        Assert.Equal([7], answer.Longs(0));
        Assert.Equal(-1, answer.LastInt);
    }

    [Fact]
    public void Failure_before_output_carries_kind_code_and_message()
    {
        byte[] command = _kernels.Add("fail", Rows.OneLong, (_, _) =>
            throw OneRecException.Input("input.vector", "item 7 'é': a vector of 3 floats where 4 are due"));
        TaskAnswer answer = Run(new PayloadWriter { Command = command }.Spark35(), Rows.OneLong, [Rows.Longs(1)]);
        OneRecException failure = Assert.IsType<OneRecException>(WorkerFailure.TryRead($"wrapped by Spark: {answer.Failure}\nmore"));
        Assert.Equal(ErrorKind.Input, failure.Kind);
        Assert.Equal("input.vector", failure.Code);
        Assert.Equal("item 7 'é': a vector of 3 floats where 4 are due", failure.Message);
    }

    [Fact]
    public void Failure_after_output_began_ends_the_stream_first()
    {
        byte[] command = _kernels.Add("late", Rows.OneLong, (rows, _) => rows.Select(
            (b, i) => i == 0 ? Shifted(b, 0) : throw new InvalidOperationException("second batch")));
        TaskAnswer answer = Run(new PayloadWriter { Command = command }.Spark35(), Rows.OneLong, [Rows.Longs(1), Rows.Longs(2)]);
        Assert.Equal([1], answer.Longs(0));
        Failed(answer, ErrorKind.Bug, "kernel.failed", "kernel late: InvalidOperationException: second batch");
    }

    [Fact]
    public void Io_error_of_a_kernel_is_not_taken_for_a_broken_connection()
    {
        byte[] command = _kernels.Add("io", Rows.OneLong, (_, _) => throw new EndOfStreamException("its own file"));
        TaskAnswer answer = Run(new PayloadWriter { Command = command }.Spark35(), Rows.OneLong, [Rows.Longs(1)]);
        Failed(answer, ErrorKind.Bug, "kernel.failed", "kernel io: EndOfStreamException: its own file");
    }

    [Fact]
    public void Batch_of_another_type_is_refused()
    {
        byte[] command = _kernels.Add("type", Rows.OneList, (rows, _) => rows.Select(b => Shifted(b, 0)));
        TaskAnswer answer = Run(new PayloadWriter { Command = command }.Spark35(), Rows.OneLong, [Rows.Longs(1)]);
        Failed(answer, ErrorKind.Bug, "kernel.output", "kernel type returned column 1 'v' as int64, but declares list<float>");
        Assert.False(answer.HasStream);
    }

    [Fact]
    public void Null_in_a_column_declared_non_null_is_refused()
    {
        byte[] command = _kernels.Add("null", Rows.OneLong, (_, _) => [Rows.NullableLongs(1, null)]);
        TaskAnswer answer = Run(new PayloadWriter { Command = command }.Spark35(), Rows.OneLong, [Rows.Longs(1)]);
        Failed(answer, ErrorKind.Bug, "kernel.output", "kernel null returned a null in column 1 'x', which is declared non-null");
    }

    [Fact]
    public void Null_list_element_is_refused_and_null_list_is_not()
    {
        byte[] good = _kernels.Add("good", Rows.OneList, (_, _) => [Rows.Lists([1f, 2f], null, [])]);
        TaskAnswer answer = Run(new PayloadWriter { Command = good }.Spark35(), Rows.OneLong, [Rows.Longs(1)]);
        Assert.Null(answer.Failure);
        Assert.Equal(3, answer.Batches.Sum(b => b.Length));

        byte[] bad = _kernels.Add("bad", Rows.OneList, (_, _) => [Rows.Lists([1f, null])]);
        Failed(
            Run(new PayloadWriter { Command = bad }.Spark35(), Rows.OneLong, [Rows.Longs(1)]),
            ErrorKind.Bug,
            "kernel.output",
            "kernel bad returned a null list element in column 1 'v'");
    }

    [Fact]
    public void Unknown_kernel_is_named()
    {
        byte[] command = TestKernels.Command("swong", [], Rows.OneLong);
        Failed(
            Run(new PayloadWriter { Command = command }.Spark35(), Rows.OneLong, [Rows.Longs(1)]),
            ErrorKind.Bug,
            "kernel.failed",
            "kernel swong: ArgumentException: no kernel 'swong' (Parameter 'call')");
    }

    [Theory]
    [InlineData("onerec-worker 3 spark 4.1", "worker.spark-release", "the worker does not support Spark 4.1; use Spark 3.5 or 4.0")]
    [InlineData(
        "onerec-worker 9 spark 3.5",
        "worker.version",
        "the worker expects 'onerec-worker 3 spark ...', the driver sent 'onerec-worker 9 spark 3.5'; ship the worker that comes with this onerec")]
    [InlineData(
        "3.11",
        "worker.version",
        "the worker expects 'onerec-worker 3 spark ...', the driver sent '3.11'; ship the worker that comes with this onerec")]
    public void Other_version_is_refused_by_name(string text, string code, string message) => Failed(
        Run(new PayloadWriter { VersionText = text }.Spark35(), Rows.OneLong, [Rows.Longs(1)]), ErrorKind.Engine, code, message);

    [Fact]
    public void Other_kind_of_function_is_refused() => Failed(
        Run(new PayloadWriter { EvalType = 201 }.Spark35(), Rows.OneLong, [Rows.Longs(1)]),
        ErrorKind.Engine,
        "worker.protocol",
        "Spark sent kind of function 201, but the worker expects 207: it only runs kernels as maps over Arrow batches");

    [Fact]
    public void Bytes_that_are_no_command_are_refused()
    {
        TaskAnswer answer = Run(new PayloadWriter { Command = [0x80, 0x05, 0x95] }.Spark35(), Rows.OneLong, [Rows.Longs(1)]);
        Assert.Equal("worker.command", WorkerFailure.TryRead(answer.Failure)!.Code);
    }

    [Fact]
    public void Cores_and_addresses_reach_the_kernel()
    {
        KernelContext? seen = null;
        byte[] command = _kernels.Add("see", Rows.OneLong, (rows, context) =>
        {
            seen = context;
            return rows.Where(_ => false);
        });
        var payload = new PayloadWriter
        {
            Command = command,
            Cpus = 4,
            Resources = [("fpga", "fpga", ["f"]), ("gpu", "gpu", ["1", "3"])],
        };
        Assert.Null(Run(payload.Spark35(), Rows.OneLong, [Rows.Longs(1)]).Failure);
        Assert.Equal(4, seen!.Threads);
        Assert.Equal(["1", "3"], seen.Gpus);
        Assert.Equal(1 << 20, seen.MemoryBudget);
    }

    [Fact]
    public void Many_tasks_run_at_once_in_one_process_and_a_failing_one_harms_no_other()
    {
        using var together = new Barrier(4);
        byte[] command = _kernels.Add("meet", Rows.OneLong, (rows, _) => rows.Select(b =>
        {
            Assert.True(together.SignalAndWait(TimeSpan.FromSeconds(20)));
            return ((Int64Array)b.Column(0)).GetValue(0) == 2 ? throw new InvalidOperationException("two") : Shifted(b, 0);
        }));
        TaskAnswer[] answers = new TaskAnswer[4];
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            answers[i] = Run(new PayloadWriter { Command = command }.Spark35(), Rows.OneLong, [Rows.Longs(i)]));
        Assert.Equal([0L, 1L, 3L], answers.SelectMany(a => a.Longs(0)).Select(v => v!.Value));
        Failed(answers[2], ErrorKind.Bug, "kernel.failed", "kernel meet: InvalidOperationException: two");
    }

    private static RecordBatch Shifted(RecordBatch batch, long by) =>
        Rows.Longs([.. ((Int64Array)batch.Column(0)).Select(v => v!.Value + by)]);

    private static void Failed(TaskAnswer answer, ErrorKind kind, string code, string message)
    {
        OneRecException failure = Assert.IsType<OneRecException>(WorkerFailure.TryRead(answer.Failure));
        Assert.Equal((kind, code, message), (failure.Kind, failure.Code, failure.Message));
    }

    private TaskAnswer Run(byte[] header, Schema schema, IEnumerable<RecordBatch> batches)
    {
        using var executor = new FakeExecutor(_daemon.Port);
        (int pid, string answer) = executor.Greet(TheSecret);
        Assert.Equal(Environment.ProcessId, pid);
        Assert.Equal("ok", answer);
        executor.Send(header);
        executor.SendRows(schema, batches);
        TaskAnswer result = executor.Answer();
        executor.CloseOutput();
        Assert.True(executor.IsAtEnd());
        return result;
    }
}
