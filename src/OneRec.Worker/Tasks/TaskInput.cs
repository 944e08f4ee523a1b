using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;

namespace OneRec.Worker.Tasks;

/// <summary>A task's rows: an Arrow stream of one struct column that holds all columns (eval type 207).</summary>
public static class TaskInput
{
    /// <summary>The batches with their columns side by side; each is disposed when the next is asked for.</summary>
    /// <param name="from">At the start of the stream; read no further than its end marker.</param>
    /// <exception cref="OneRecException">Engine error <c>worker.protocol</c>: a column that is no struct.</exception>
    public static IEnumerable<RecordBatch> Read(Stream from)
    {
        using var reader = new ArrowStreamReader(from, CollectedMemory.Instance, leaveOpen: true);
        while (reader.ReadNextRecordBatch() is { } packed)
        {
            using RecordBatch batch = Unpack(packed);
            yield return batch;
        }
    }

    private static RecordBatch Unpack(RecordBatch packed) =>
        packed.ColumnCount == 1 && packed.Column(0) is StructArray record
            ? new RecordBatch(
                new Schema(((StructType)record.Data.DataType).Fields, null),
                record.Fields,
                packed.Length)
            : throw OneRecException.Engine("worker.protocol", "Spark sent rows that are not one struct column");
}
