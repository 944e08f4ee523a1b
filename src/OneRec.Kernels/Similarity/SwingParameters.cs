using System.Text.Json.Nodes;

namespace OneRec.Kernels.Similarity;

/// <summary>The parameters that Swing's scores and rows depend on, besides the interactions and the user weights.</summary>
/// <remarks>The weights w(n) = (n + alpha1)^-beta are an input, because powers differ between the libm of machines.</remarks>
public sealed record SwingParameters
{
    /// <summary>Added to |I_u ∩ I_v| in the denominator.</summary>
    /// <value>Above -2, so that no denominator of a counted pair is 0 or less. Default 0.</value>
    public double Alpha2 { get; init; }

    /// <summary>Number of similar items to keep per item: the best by (score descending, id ascending).</summary>
    /// <value>At least 1. Default 100.</value>
    public int TopK { get; init; } = 100;

    /// <summary>Minimum number of users that two items must have in common.</summary>
    /// <value>At least 1. Default 2; below 2 changes nothing, since a score needs a pair of users.</value>
    public int MinCommonUsers { get; init; } = 2;

    /// <summary>Whether an item's kept scores are divided by its best one.</summary>
    /// <value>Default false.</value>
    public bool NormalizeByBest { get; init; }

    /// <summary>Pairs of users above which all threads share one target. Does not affect the rows; tests set it low.</summary>
    internal long LeastShared { get; init; } = 1L << 20;

    /// <summary>The parameters for a kernel call.</summary>
    public JsonObject ToJson() => new()
    {
        ["alpha2"] = Alpha2,
        ["topK"] = TopK,
        ["minCommonUsers"] = MinCommonUsers,
        ["normalize"] = NormalizeByBest ? "max" : "none",
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="ArgumentException">A key is missing or a value is out of range.</exception>
    public static SwingParameters FromJson(JsonObject json)
    {
        ArgumentNullException.ThrowIfNull(json);
        string normalize = Require(json, "normalize").GetValue<string>();
        var parameters = new SwingParameters
        {
            Alpha2 = Require(json, "alpha2").GetValue<double>(),
            TopK = Require(json, "topK").GetValue<int>(),
            MinCommonUsers = Require(json, "minCommonUsers").GetValue<int>(),
            NormalizeByBest = normalize switch
            {
                "max" => true,
                "none" => false,
                _ => throw new ArgumentException($"normalize must be none or max, not {normalize}", nameof(json)),
            },
        };
        parameters.ThrowIfInvalid();
        return parameters;
    }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">A value is out of range.</exception>
    public void ThrowIfInvalid()
    {
        if (!(Alpha2 > -2) || !double.IsFinite(Alpha2))
        {
            throw new ArgumentException($"alpha2 must be finite and above -2, not {Alpha2}");
        }

        if (TopK < 1 || MinCommonUsers < 1)
        {
            throw new ArgumentException($"topK ({TopK}) and minCommonUsers ({MinCommonUsers}) must be at least 1");
        }
    }

    private static JsonNode Require(JsonObject json, string key) =>
        json[key] ?? throw new ArgumentException($"the swing call has no '{key}'", nameof(json));
}
