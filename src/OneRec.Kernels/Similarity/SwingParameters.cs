using System.Text.Json.Nodes;

namespace OneRec.Kernels.Similarity;

/// <summary>What Swing's scores and rows depend on, once the interactions and the user weights are given.</summary>
/// <remarks>The weights w(n) = (n + alpha1)^-beta come in from outside: powers differ between machines' libm.</remarks>
public sealed record SwingParameters
{
    /// <summary>Added to |I_u ∩ I_v| in the denominator.</summary>
    /// <value>Above -2, so that no denominator of a counted pair is 0 or less. Default 0.</value>
    public double Alpha2 { get; init; }

    /// <summary>Similar items kept for each item, the best by (score descending, id ascending).</summary>
    /// <value>At least 1. Default 100.</value>
    public int TopK { get; init; } = 100;

    /// <summary>Users that an item and a similar one must share.</summary>
    /// <value>At least 1. Default 2; below 2 changes nothing, since a score needs a pair of users.</value>
    public int MinCommonUsers { get; init; } = 2;

    /// <summary>Whether an item's kept scores are divided by its best one.</summary>
    /// <value>Default false.</value>
    public bool NormalizeByBest { get; init; }

    /// <summary>Pairs of users from which all threads share one target. Changes no row; tests set it low.</summary>
    internal long LeastShared { get; init; } = 1L << 20;

    /// <summary>The parameters as a kernel call carries them.</summary>
    public JsonObject ToJson() => new()
    {
        ["alpha2"] = Alpha2,
        ["topK"] = TopK,
        ["minCommonUsers"] = MinCommonUsers,
        ["normalize"] = NormalizeByBest ? "max" : "none",
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="ArgumentException">A key is missing or a value is out of its range.</exception>
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
                _ => throw new ArgumentException($"normalize is none or max, not {normalize}", nameof(json)),
            },
        };
        parameters.ThrowIfInvalid();
        return parameters;
    }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentException">A value is out of its range.</exception>
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
        json[key] ?? throw new ArgumentException($"the call of swing has no '{key}'", nameof(json));
}
