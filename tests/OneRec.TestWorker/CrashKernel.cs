using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;

namespace OneRec.TestWorker;

/// <summary>
/// Passes rows of <c>x</c> BIGINT on, and once in all, after the first batch of whichever task comes first, kills this
/// process (<c>worker</c>) or the executor that started it (<c>executor</c>).
/// </summary>
public sealed class CrashKernel(string who, string marker) : IBatchKernel
{
    public const string Name = "test-crash";

    public static Schema Output { get; } = new([new Field("x", Int64Type.Default, nullable: true)], null);

    /// <summary>A call.</summary>
    /// <param name="who"><c>worker</c> or <c>executor</c>.</param>
    /// <param name="marker">A file that is not there yet: made by the task that kills.</param>
    public static KernelCall Call(string who, string marker) =>
        new(Name, new JsonObject { ["who"] = who, ["marker"] = marker }, Output);

    public static CrashKernel Create(JsonObject parameters) =>
        new((string)parameters["who"]!, (string)parameters["marker"]!);

    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        foreach (RecordBatch batch in rows)
        {
            yield return new RecordBatch(Output, [SharedColumn.Of(batch.Column("x"))], batch.Length);
            if (IsFirst())
            {
                Kill(who == "worker" ? Environment.ProcessId : Parent());
            }
        }
    }

    private static void Kill(int pid)
    {
        using Process process = Process.GetProcessById(pid);
        process.Kill();
        Thread.Sleep(Timeout.Infinite);
    }

    // The fourth field of the process's state, counted after the name in brackets, which may hold blanks.
    private static int Parent()
    {
        string state = File.ReadAllText("/proc/self/stat");
        return int.Parse(state[(state.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private bool IsFirst()
    {
        try
        {
            using var made = new FileStream(marker, FileMode.CreateNew);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
