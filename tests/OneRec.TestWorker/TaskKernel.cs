using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.TestWorker;

/// <summary>
/// What a task is given: output a row a task of its process and its GPUs' addresses. It waits until <c>meet</c> tasks of the
/// call have begun in its process, so that these run at one time.
/// </summary>
public sealed class TaskKernel(int meet, string call) : IBatchKernel
{
    public const string Name = "test-task";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private static readonly ConcurrentDictionary<string, int> Begun = new();

    public static Schema Output { get; } = new(
        [new Field("pid", Int64Type.Default, nullable: false), new Field("gpus", StringType.Default, nullable: false)], null);

    public static KernelCall Call(int meet) => new(Name, new JsonObject { ["meet"] = meet, ["call"] = $"{Guid.NewGuid()}" }, Output);

    public static TaskKernel Create(JsonObject parameters) => new((int)parameters["meet"]!, (string)parameters["call"]!);

    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        foreach (RecordBatch _ in rows)
        {
            // Read to the end: a socket closed with unread input would lose what we say.
        }

        context.OnMessage?.Invoke("a task was here");
        Begun.AddOrUpdate(call, 1, (_, n) => n + 1);
        if (!SpinWait.SpinUntil(() => Begun[call] >= meet || context.Cancellation.IsCancellationRequested, Limit))
        {
            throw new TimeoutException($"fewer than {meet} tasks came to this process at once");
        }

        yield return new RecordBatch(
            Output,
            [
                new Int64Array.Builder().Append(Environment.ProcessId).Build(),
                new StringArray.Builder().Append(string.Join(',', context.Gpus)).Build(),
            ],
            1);
    }
}
