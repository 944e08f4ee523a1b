using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Kernels.Batches;

namespace OneRec.Kernels.Remote;

/// <summary>Converts schemas and batches to and from Arrow IPC streams (columnar format 1.x).</summary>
public static class ArrowBytes
{
    /// <summary>A schema as an Arrow stream without batches, in base64.</summary>
    public static string Write(Schema schema)
    {
        using var bytes = new MemoryStream();
        using (var writer = new ArrowStreamWriter(bytes, schema, leaveOpen: true))
        {
            writer.WriteStart();
            writer.WriteEnd();
        }

        return Convert.ToBase64String(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    /// <summary>Reads the schema from such a text.</summary>
    /// <exception cref="FormatException">The text is not base64.</exception>
    /// <exception cref="InvalidDataException">The bytes are not an Arrow stream.</exception>
    public static Schema ReadSchema(string base64)
    {
        using var bytes = new MemoryStream(Convert.FromBase64String(base64));
        using var reader = new ArrowStreamReader(bytes, leaveOpen: true);
        reader.ReadNextRecordBatch()?.Dispose();
        return reader.Schema ?? throw new InvalidDataException("the Arrow stream has no schema");
    }

    /// <summary>The batches of an Arrow stream, read lazily. Their columns may be retained.</summary>
    /// <param name="open">Opens the stream at its start; it is disposed after the last batch.</param>
    public static IEnumerable<RecordBatch> Read(Func<Stream> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        using Stream bytes = open();
        using var reader = new ArrowStreamReader(bytes, CollectedMemory.Instance, leaveOpen: true);
        while (reader.ReadNextRecordBatch() is { } batch)
        {
            yield return batch;
        }
    }
}
