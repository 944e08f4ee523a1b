using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>w(n) = (n + alpha1)^-beta for each number of items that occurs, computed here and nowhere else.</summary>
/// <remarks>The C library's power differs between machines by a last bit; shipped values make workers agree.</remarks>
public static class SwingWeights
{
    /// <summary>Columns of the side input.</summary>
    public static Schema Schema { get; } = new(
        [new Field("user_items", Int64Type.Default, false), new Field("weight", DoubleType.Default, false)], null);

    /// <summary>A row for each number of items.</summary>
    /// <param name="counts">Numbers of items, each once.</param>
    /// <param name="options">alpha1 and beta.</param>
    /// <exception cref="OneRecException">A weight is 0 or beyond doubles (exit 2).</exception>
    public static RecordBatch Of(IEnumerable<long> counts, SwingOptions options)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(options);
        return RowReader.Build(Schema, [.. counts.Order().Select(n => new object?[] { n, Of(n, options) })]);
    }

    /// <summary>One weight.</summary>
    /// <exception cref="OneRecException">It is 0 or beyond doubles (exit 2).</exception>
    public static double Of(long n, SwingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // A user with one item is in no pair that scores, so its weight is never used; with alpha1 at or below -1 the
        // formula would have none.
        double weight = n < 2 && n + options.Alpha1 <= 0 ? 1 : Math.Pow(n + options.Alpha1, -options.Beta);
        return weight > 0 && double.IsFinite(weight)
            ? weight
            : throw OneRecException.Configuration(
                "swing.weight",
                $"swing: the weight of a user with {n} items, ({n} + alpha1)^-beta, is {weight}; change swing.alpha1 or swing.beta");
    }
}
