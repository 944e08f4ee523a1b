using System.Text.Json.Nodes;
using Apache.Arrow;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Computes a partition's direction sums by first code, for mean cosines.</summary>
/// <remarks>
/// Input columns by name: <c>item_id</c>, <c>vector</c>, <c>codes</c>. Parameter <c>rows</c>: rows of all partitions.
/// The output rows are read by <see cref="DirectionSums"/>.
/// </remarks>
public sealed class DirectionSumsKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "direction-sums";

    private readonly long _rows;

    private DirectionSumsKernel(long rows) => _rows = rows;

    /// <summary>A call of this kernel.</summary>
    /// <param name="rows">Rows of all partitions, at least 1.</param>
    public static KernelCall Call(long rows) => new(Name, new JsonObject { ["rows"] = rows }, DirectionSums.Output);

    /// <summary>Creates the kernel.</summary>
    /// <exception cref="ArgumentException">An invalid parameter.</exception>
    public static DirectionSumsKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new(KernelColumns.Parameter<long>(parameters, "rows", Name));
    }

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        DirectionSums? sums = null;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            VectorColumn vectors = VectorColumn.Of(KernelColumns.Find(batch, "vector", Name));
            var codes = (ListArray)KernelColumns.Find(batch, "codes", Name);
            ReadOnlySpan<int> values = ((Int32Array)codes.Values).Values;
            for (int row = 0; row < batch.Length; row++)
            {
                sums ??= new DirectionSums(vectors[row].Length, _rows);
                sums.Add(values[codes.ValueOffsets[row]], vectors[row]);
            }
        }

        foreach (RecordBatch part in sums?.Write() ?? [])
        {
            yield return part;
        }
    }
}
