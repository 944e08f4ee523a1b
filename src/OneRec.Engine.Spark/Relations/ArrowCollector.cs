using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Kernels.Batches;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Brings the rows of a data frame to the driver as Arrow batches (<c>Dataset.collectAsArrowToPython</c>).</summary>
/// <remarks>Batches arrive as partitions finish. Spark sends their order at the end, so all batches are held until then.</remarks>
internal static class ArrowCollector
{
    /// <summary>The batches in the order of the data frame.</summary>
    /// <returns>Batches that the caller disposes; none if there are no rows.</returns>
    /// <exception cref="JvmException">A task failed.</exception>
    public static IReadOnlyList<RecordBatch> Read(JvmObject frame)
    {
        IJvm jvm = frame.Jvm;
        using JvmObject answer = frame.Get("collectAsArrowToPython");
        int port = (int)jvm.ArrayItem(answer, 0)!;
        string secret = (string)jvm.ArrayItem(answer, 1)!;
        using var server = (JvmObject)jvm.ArrayItem(answer, 2)!;
        List<RecordBatch> arrived = [];
        try
        {
            using var wire = new Wire(port, secret);
            string? failure = Read(wire, arrived, out int[] order);

            // Always called: it throws the actual exception, while the socket has only its text.
            server.Call("getResult");
            return failure is null
                ? [.. order.Select(i => arrived[i])]
                : throw OneRecException.Engine("spark.failed", $"Spark failed: {failure}");
        }
        catch (Exception e)
        {
            arrived.ForEach(b => b.Dispose());
            if (e is IOException or EndOfStreamException)
            {
                server.Call("getResult");
                throw OneRecException.Engine("spark.socket", $"Spark's driver closed the connection while sending rows ({e.Message}); run the command again", e);
            }

            throw;
        }
    }

    private static string? Read(Wire wire, List<RecordBatch> arrived, out int[] order)
    {
        using var reader = new ArrowStreamReader(wire.Input, CollectedMemory.Instance, leaveOpen: true);
        while (reader.ReadNextRecordBatch() is { } batch)
        {
            arrived.Add(batch);
        }

        int n = wire.ReadInt();
        if (n < 0)
        {
            order = [];
            return wire.ReadText();
        }

        order = new int[n];
        for (int i = 0; i < n; i++)
        {
            order[i] = wire.ReadInt();
        }

        return null;
    }
}
