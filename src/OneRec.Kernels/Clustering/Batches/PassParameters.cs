using System.Text.Json.Nodes;
using OneRec.Kernels.Clustering.Training;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>What the kernels of a pass must know.</summary>
/// <param name="Scales">The level's scales.</param>
/// <param name="Worst">Worst-served rows to keep.</param>
/// <param name="CountOnly">Whether sums of vectors are left out.</param>
public sealed record PassParameters(LevelScales Scales, int Worst, bool CountOnly)
{
    /// <summary>As a kernel's parameters; floats by their bits.</summary>
    public JsonObject ToJson() => new()
    {
        ["rows"] = Scales.Rows,
        ["dims"] = Scales.Dims,
        ["max_abs"] = BitConverter.SingleToInt32Bits(Scales.MaxAbs),
        ["worst"] = Worst,
        ["count_only"] = CountOnly,
    };

    /// <summary>Reads a kernel's parameters.</summary>
    /// <param name="parameters">The parameters; others may stand among them.</param>
    /// <param name="kernel">Named in errors.</param>
    /// <exception cref="ArgumentException">A bad parameter.</exception>
    public static PassParameters Read(JsonObject parameters, string kernel)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var scales = new LevelScales(
            KernelColumns.Parameter<long>(parameters, "rows", kernel),
            KernelColumns.Parameter<int>(parameters, "dims", kernel),
            BitConverter.Int32BitsToSingle(KernelColumns.Parameter<int>(parameters, "max_abs", kernel)));
        return new PassParameters(
            scales,
            KernelColumns.Parameter<int>(parameters, "worst", kernel),
            KernelColumns.Parameter<bool>(parameters, "count_only", kernel));
    }

    /// <summary>Empty sums of a pass.</summary>
    /// <param name="codes">k.</param>
    public PassSums Sums(int codes) => new(codes, Scales, Worst, CountOnly);
}
