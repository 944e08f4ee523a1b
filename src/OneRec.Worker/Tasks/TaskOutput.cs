using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Worker.Protocol;

namespace OneRec.Worker.Tasks;

/// <summary>Writes a task's result: an Arrow stream of batches with one struct column, started by the first batch.</summary>
/// <remarks>For a task without output rows no stream is sent, as Spark expects.</remarks>
public sealed class TaskOutput(KernelCall call, WireWriter to) : IDisposable
{
    private readonly StructType _record = new(call.Output.FieldsList);
    private readonly Schema _schema = new([new Field("_0", new StructType(call.Output.FieldsList), nullable: false)], null);
    private ArrowStreamWriter? _stream;

    /// <summary>Whether a batch was sent only in part: Spark could not interpret anything after it, not even an error.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Checks a batch against the declared schema and sends it.</summary>
    /// <param name="batch">Disposed here.</param>
    /// <exception cref="Core.OneRecException">Bug <c>kernel.output</c>: it does not match the schema; nothing of it was sent.</exception>
    public void Write(RecordBatch batch)
    {
        using (batch)
        {
            OutputCheck.Require(call, batch);
            if (batch.Length == 0)
            {
                return;
            }

            if (_stream is null)
            {
                to.WriteInt(SpecialLengths.StartArrowStream);
                _stream = new ArrowStreamWriter(to.BaseStream, _schema, leaveOpen: true);
            }

            // The batch owns the buffers, so the struct around them is not disposed.
            var record = new StructArray(_record, batch.Length, batch.Arrays, ArrowBuffer.Empty, nullCount: 0);
            IsBroken = true;
            _stream.WriteRecordBatch(new RecordBatch(_schema, [record], batch.Length));
            to.Flush();
            IsBroken = false;
        }
    }

    /// <summary>Writes the end marker if a stream was started; what follows is no longer Arrow.</summary>
    public void End()
    {
        _stream?.WriteEnd();
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }
}
