using System.Text.Json.Nodes;
using Apache.Arrow;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Finds the columns and parameters of this folder's kernels.</summary>
internal static class KernelColumns
{
    /// <summary>A column by name.</summary>
    /// <exception cref="ArgumentException">The kernel's input lacks it.</exception>
    public static IArrowArray Find(RecordBatch batch, string name, string kernel)
    {
        int at = batch.Schema.GetFieldIndex(name, StringComparer.Ordinal);
        return at >= 0 ? batch.Column(at) : throw new ArgumentException($"{kernel}: the input has no column '{name}'");
    }

    /// <summary>The same column, holding its buffers beyond the batch's life.</summary>
    public static IArrowArray Share(IArrowArray column) => ArrowArrayFactory.BuildArray(column.Data.Retain());

    /// <summary>A parameter.</summary>
    /// <exception cref="ArgumentException">The call lacks it, or it is of another type.</exception>
    public static T Parameter<T>(JsonObject parameters, string name, string kernel)
    {
        try
        {
            return parameters[name] is { } node
                ? node.GetValue<T>()
                : throw new ArgumentException($"{kernel}: no parameter '{name}'", nameof(parameters));
        }
        catch (InvalidOperationException wrong)
        {
            throw new ArgumentException($"{kernel}: parameter '{name}' is of another type", nameof(parameters), wrong);
        }
    }
}
