using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>User weights w(n) = (n + alpha1)^-beta for each item count n that occurs, computed only here.</summary>
/// <remarks>
/// The power function of the C library can differ between machines in the last bit, so the values are sent to the
/// workers.
/// </remarks>
public static class SwingWeights
{
    /// <summary>Columns of the side input.</summary>
    public static Schema Schema { get; } = new(
        [new Field("user_items", Int64Type.Default, false), new Field("weight", DoubleType.Default, false)], null);

    /// <summary>One row per item count.</summary>
    /// <param name="counts">Distinct item counts.</param>
    /// <param name="options">alpha1 and beta.</param>
    /// <exception cref="OneRecException">A weight is 0 or not finite (exit 2).</exception>
    public static RecordBatch Compute(IEnumerable<long> counts, SwingOptions options)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(options);
        return RowReader.Build(Schema, [.. counts.Order().Select(n => new object?[] { n, Compute(n, options) })]);
    }

    /// <summary>The weight of a user with n items.</summary>
    /// <exception cref="OneRecException">The weight is 0 or not finite (exit 2).</exception>
    public static double Compute(long n, SwingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);

        // A user with one item contributes to no score, so the weight is never used; with alpha1 at or below -1 the
        // formula would be undefined.
        double weight = n < 2 && n + options.Alpha1 <= 0 ? 1 : Math.Pow(n + options.Alpha1, -options.Beta);
        return weight > 0 && double.IsFinite(weight)
            ? weight
            : throw OneRecException.Configuration(
                "swing.weight",
                $"swing: the weight of a user with {n} items, ({n} + alpha1)^-beta, is {weight}; change swing.alpha1 or swing.beta");
    }
}
