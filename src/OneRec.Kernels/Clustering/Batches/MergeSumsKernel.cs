using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;
using OneRec.Kernels.Clustering.Training;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Adds up the partial sums of a pass. All parts of a code meet in one task, which returns one row per code.</summary>
/// <remarks>
/// Input and output are <see cref="PassRows"/>. Parameters: those of <see cref="KMeansSumsKernel"/>, and <c>codes</c>.
/// Sums are integers, so the result does not depend on the order or distribution of the parts.
/// </remarks>
public sealed class MergeSumsKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "merge-sums";

    private readonly PassParameters _pass;
    private readonly int _codes;

    private MergeSumsKernel(PassParameters pass, int codes)
    {
        _pass = pass;
        _codes = codes;
    }

    /// <summary>A call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="pass">Parameters of the pass.</param>
    /// <param name="codes">k.</param>
    public static KernelCall Call(IArrowType id, PassParameters pass, int codes)
    {
        ArgumentNullException.ThrowIfNull(pass);
        JsonObject parameters = pass.ToJson();
        parameters["codes"] = codes;
        return new KernelCall(Name, parameters, PassRows.Schema(id));
    }

    /// <summary>Creates the kernel.</summary>
    /// <exception cref="ArgumentException">An invalid parameter.</exception>
    public static MergeSumsKernel Create(JsonObject parameters) =>
        new(PassParameters.Read(parameters, Name), KernelColumns.Parameter<int>(parameters, "codes", Name));

    /// <inheritdoc/>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        PassSums? sums = null;
        IArrowType? type = null;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            type = KernelColumns.Find(batch, "item_id", Name).Data.DataType;
            PassRows.Read(batch, sums ??= _pass.Sums(_codes));
        }

        return sums is null ? [] : PassRows.Write(type!, sums, _pass.Scales.Dims);
    }
}
