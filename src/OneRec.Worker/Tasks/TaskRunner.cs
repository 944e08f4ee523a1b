using Apache.Arrow;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Remote;
using OneRec.Worker.Protocol;
using OneRec.Worker.Sockets;

namespace OneRec.Worker.Tasks;

/// <summary>Runs one task: reads its header, runs its kernel over its rows, and sends its end or its failure.</summary>
/// <param name="kernels">The kernels by name.</param>
/// <param name="clock">For the task times that Spark shows.</param>
/// <remarks>Everything a kernel throws is caught here; otherwise it would end the process and all its tasks.</remarks>
public sealed class TaskRunner(KernelRegistry kernels, TimeProvider clock)
{
    private const string MemoryVariable = "PYSPARK_EXECUTOR_MEMORY_MB";

    /// <summary>Runs the task that starts at the current position.</summary>
    /// <param name="input">From Spark.</param>
    /// <param name="output">To Spark; buffered, flushed here.</param>
    /// <param name="cancelled">Set when Spark has closed the connection.</param>
    /// <returns>The failure, already sent to Spark; null on success, or if Spark has closed the connection.</returns>
    public OneRecException? Run(Stream input, Stream output, CancellationToken cancelled)
    {
        var to = new WireWriter(output);
        TaskOutput? result = null;
        string kernel = "";
        try
        {
            long boot = Now();
            if (TaskHeaderReader.Read(new WireReader(input), BroadcastServer.Fetch) is not { } header)
            {
                return null;
            }

            WorkerCommand command = WorkerCommand.Read(header.Command);
            kernel = command.Call.Name;
            result = new TaskOutput(command.Call, to);
            List<string> messages = [];
            using SideInputReader? beside = command.SideInput is { } side ? new SideInputReader(TaskInput.Read(input), side) : null;
            KernelContext context = Context(header, command, beside, messages, cancelled);
            IBatchKernel run = kernels.Create(command.Call);
            long init = Now();
            foreach (RecordBatch batch in run.Run(beside?.Rows() ?? TaskInput.Read(input), context))
            {
                result.Write(batch);
            }

            result.End();
            long finish = Now();
            Finish(to, boot, init, finish, new TaskReport(kernel, (finish - boot) / 1000.0, messages));
            return null;
        }
        catch (Exception e) when (cancelled.IsCancellationRequested || e.GetBaseException() is PeerGoneException)
        {
            return null;
        }
        catch (Exception e) when (result is not { IsBroken: true })
        {
            OneRecException failure = Describe(e, kernel);
            result?.End();
            to.WriteInt(SpecialLengths.PythonExceptionThrown);
            to.WriteText(WorkerFailure.Write(failure, e.ToString()));
            to.Flush();
            return failure;
        }
        finally
        {
            result?.Dispose();
        }
    }

    // The socket is never offered for another task (we answer -1; -4 would pool it): one process serves all tasks, and after
    // its death each pooled socket would cost a task one attempt.
    private static void Finish(WireWriter to, long boot, long init, long finish, TaskReport report)
    {
        to.WriteInt(SpecialLengths.TimingData);
        to.WriteLong(boot);
        to.WriteLong(init);
        to.WriteLong(finish);
        to.WriteLong(0);
        to.WriteLong(0);
        to.WriteInt(SpecialLengths.EndOfDataSection);

        // One update: of the function's accumulator.
        to.WriteInt(1);
        to.WriteBytes(report.Write());
        to.WriteInt(SpecialLengths.EndOfDataSection);
        to.Flush();
    }

    private static KernelContext Context(
        TaskHeader header, WorkerCommand command, SideInputReader? beside, List<string> messages, CancellationToken cancelled)
    {
        var sides = new Dictionary<string, Func<IEnumerable<RecordBatch>>>(StringComparer.Ordinal);
        foreach ((string name, long id) in command.Sides)
        {
            if (!header.Broadcasts.TryGetValue(id, out Broadcast? broadcast))
            {
                throw OneRecException.Engine("worker.broadcast", $"Spark did not send broadcast {id}, the side input '{name}'");
            }

            sides.Add(name, () => ArrowBytes.Read(broadcast.Open));
        }

        if (beside is not null)
        {
            sides.Add(command.SideInput!.Name, beside.Side);
        }

        return new KernelContext
        {
            Threads = Math.Max(1, header.Cpus),
            MemoryBudget = ExecutorMemory() ?? command.MemoryBudget,
            Gpus = header.Resources.GetValueOrDefault("gpu") ?? [],
            Cancellation = cancelled,
            OnMessage = line =>
            {
                Console.Error.WriteLine($"onerec-worker: {line}");
                lock (messages)
                {
                    messages.Add(line);
                }
            },
            Sides = sides,
        };
    }

    // Spark has already divided spark.executor.pyspark.memory by the executor's cores.
    private static long? ExecutorMemory() =>
        long.TryParse(Environment.GetEnvironmentVariable(MemoryVariable), out long mebibytes) && mebibytes > 0
            ? mebibytes << 20
            : null;

    private static OneRecException Describe(Exception e, string kernel) => e switch
    {
        OneRecException known => known,
        AggregateException { InnerException: OneRecException known } => known,
        OutOfMemoryException => OneRecException.Engine(
            "worker.memory",
            $"kernel {kernel}: the executor's worker ran out of memory; raise spark.executor.memoryOverhead",
            e),
        _ => new OneRecException(
            ErrorKind.Bug,
            "kernel.failed",
            $"{(kernel.Length == 0 ? "worker" : $"kernel {kernel}")}: {e.GetBaseException().GetType().Name}: {OneLine(e.GetBaseException().Message)}",
            e),
    };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
