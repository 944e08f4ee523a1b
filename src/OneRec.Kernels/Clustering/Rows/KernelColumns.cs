using System.Text.Json.Nodes;
using Apache.Arrow;

namespace OneRec.Kernels.Clustering.Rows;

/// <summary>Looks up the columns and parameters of the clustering kernels.</summary>
internal static class KernelColumns
{
    /// <summary>A column by name.</summary>
    /// <exception cref="ArgumentException">The kernel's input has no such column.</exception>
    public static IArrowArray Find(RecordBatch batch, string name, string kernel)
    {
        int at = batch.Schema.GetFieldIndex(name, StringComparer.Ordinal);
        return at >= 0 ? batch.Column(at) : throw new ArgumentException($"{kernel}: the input has no column '{name}'");
    }

    /// <summary>A parameter by name.</summary>
    /// <exception cref="ArgumentException">The parameter is missing or has the wrong type.</exception>
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
            throw new ArgumentException($"{kernel}: parameter '{name}' has the wrong type", nameof(parameters), wrong);
        }
    }
}
