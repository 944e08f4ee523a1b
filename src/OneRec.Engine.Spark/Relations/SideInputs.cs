using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;
using OneRec.Kernels.Remote;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Sends small relations in full to every task, as Spark broadcasts (<see cref="SideFraming"/>).</summary>
/// <param name="session">The session.</param>
/// <param name="scratch">A local folder of the driver that lives as long as the engine: in local mode, tasks read these files.</param>
internal sealed class SideInputs(SparkSession session, DirectoryInfo scratch)
{
    private const int ChunkSize = 1 << 20;

    /// <summary>Collects a relation and broadcasts it.</summary>
    /// <returns>The <c>Broadcast</c>.</returns>
    public JvmObject Broadcast(SparkRelation relation)
    {
        string path = Path.Combine(scratch.FullName, $"side-{Guid.NewGuid():N}");
        using JvmObject holder = session.Jvm.GetStatic("org.apache.spark.api.python.PythonRDD", "setupBroadcast", path);
        if (session.IsEncrypted)
        {
            // With encryption nothing may be written in plain text: Spark writes the file itself.
            using var bytes = new MemoryStream();
            Write(relation, bytes);
            SendEncrypted(holder, bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
        }
        else
        {
            using var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite);
            Write(relation, file);
        }

        return session.Context.Get("broadcast", holder);
    }

    private static void Write(SparkRelation relation, Stream to)
    {
        IReadOnlyList<RecordBatch> batches = ArrowCollector.Read(relation.Frame);
        SideFraming.WriteHeader(to, 0);
        using (var writer = new ArrowStreamWriter(to, relation.Schema, leaveOpen: true))
        {
            writer.WriteStart();
            foreach (RecordBatch batch in batches)
            {
                using (batch)
                {
                    writer.WriteRecordBatch(new RecordBatch(relation.Schema, batch.Arrays, batch.Length));
                }
            }

            writer.WriteEnd();
        }

        to.Position = 0;
        SideFraming.WriteHeader(to, to.Length - SideFraming.HeaderLength);
    }

    private static void SendEncrypted(JvmObject holder, ReadOnlySpan<byte> bytes)
    {
        using JvmObject server = holder.Get("setupEncryptionServer");
        int port = (int)holder.Jvm.ArrayItem(server, 0)!;
        string secret = (string)holder.Jvm.ArrayItem(server, 1)!;
        using (var wire = new Wire(port, secret))
        {
            while (!bytes.IsEmpty)
            {
                ReadOnlySpan<byte> chunk = bytes[..Math.Min(ChunkSize, bytes.Length)];
                wire.WriteInt(chunk.Length);
                wire.Write(chunk);
                bytes = bytes[chunk.Length..];
            }

            wire.WriteInt(-1);
            holder.Call("waitTillDataReceived");
        }
    }
}
