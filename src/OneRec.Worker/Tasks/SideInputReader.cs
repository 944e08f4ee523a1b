using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Ids;
using OneRec.Kernels.Remote;

namespace OneRec.Worker.Tasks;

/// <summary>Splits a task's stream into the side input at its start and the rows after it.</summary>
/// <param name="stream">Batches with both (<see cref="SideInputRows"/>).</param>
/// <param name="beside">The name of the side input.</param>
public sealed class SideInputReader(IEnumerable<RecordBatch> stream, SideInputRows beside) : IDisposable
{
    private readonly IEnumerator<RecordBatch> _batches = stream.GetEnumerator();
    private RecordBatch? _border;
    private int _cut;
    private bool _isSideRead;

    /// <summary>The side input; can be read only once.</summary>
    /// <exception cref="InvalidOperationException">It was read before.</exception>
    public IEnumerable<RecordBatch> Side()
    {
        if (_isSideRead)
        {
            throw new InvalidOperationException($"side input '{beside.Name}' comes in one stream with the rows and can be read only once");
        }

        while (_border is null && _batches.MoveNext())
        {
            RecordBatch batch = _batches.Current;
            int cut = Cut(batch);
            if (cut < batch.Length)
            {
                _border = batch;
                _cut = cut;
            }

            if (cut > 0)
            {
                yield return Part(batch, isSide: true, 0, cut);
            }
        }

        _isSideRead = true;
    }

    /// <summary>The rows.</summary>
    /// <exception cref="InvalidOperationException">The side input was not read to its end, or more of it follows.</exception>
    public IEnumerable<RecordBatch> Rows()
    {
        if (!_isSideRead)
        {
            throw new InvalidOperationException($"side input '{beside.Name}' comes before the rows and was not read to its end");
        }

        if (_border is null)
        {
            yield break;
        }

        yield return Part(_border, isSide: false, _cut, _border.Length - _cut);
        while (_batches.MoveNext())
        {
            RecordBatch batch = _batches.Current;
            yield return Cut(batch) == 0
                ? Part(batch, isSide: false, 0, batch.Length)
                : throw new InvalidOperationException($"side input '{beside.Name}' continues after rows: there are two parts in one partition");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _batches.Dispose();

    private int Cut(RecordBatch batch)
    {
        int cut = BatchColumns.FindNonNull<Int32Array>(batch, beside.Marker).Values.IndexOf(SideInputRows.OfRows);
        return cut < 0 ? batch.Length : cut;
    }

    private RecordBatch Part(RecordBatch batch, bool isSide, int from, int length)
    {
        var fields = new List<Field>();
        var columns = new List<IArrowArray>();
        for (int c = 0; c < batch.ColumnCount; c++)
        {
            Field field = batch.Schema.GetFieldByIndex(c);
            if (field.Name != beside.Marker && field.Name.StartsWith(beside.Prefix, StringComparison.Ordinal) == isSide)
            {
                fields.Add(isSide ? new Field(field.Name[beside.Prefix.Length..], field.DataType, field.IsNullable) : field);
                columns.Add(ArrowArrayFactory.Slice(batch.Column(c), from, length));
            }
        }

        return new RecordBatch(new Schema(fields, null), columns, length);
    }
}

/// <summary>Reads a task's rows: an Arrow stream with one struct column that contains all columns (eval type 207).</summary>
public static class TaskInput
{
    /// <summary>The batches with the columns unpacked; each is disposed when the next one is requested.</summary>
    /// <param name="from">At the start of the stream; not read beyond its end marker.</param>
    /// <exception cref="OneRecException">Engine error <c>worker.protocol</c>: the column is not a struct.</exception>
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
            : throw OneRecException.Engine("worker.protocol", "Spark sent rows that are not a single struct column");
}
