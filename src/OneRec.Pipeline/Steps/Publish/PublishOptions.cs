using OneRec.Core;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Publish;

/// <summary>Section <c>publish</c>: when a new codebook is published.</summary>
public sealed record PublishOptions : IOptionSection
{
    /// <summary>Whether <c>run</c> publishes a new codebook automatically.</summary>
    /// <value>
    /// Default false: <c>run</c> publishes only the first codebook; later ones are published with <c>onerec
    /// publish</c>.
    /// </value>
    public bool Auto { get; init; }

    /// <summary>Whether <c>publish</c> publishes the codebook that was published before the current one, as <c>--rollback</c>.</summary>
    /// <value>Default false. The gates do not apply; the codebook and its IDs must be whole.</value>
    public bool Rollback { get; init; }

    /// <summary>Limits that a codebook must keep to be published.</summary>
    public PublishGates Gates { get; init; } = new();

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        Gates.Validate(problems);
    }
}

/// <summary>
/// Section <c>publish.gates</c>: limits that a codebook must keep to be published. If one is broken, nothing changes and the
/// step ends with exit code 4.
/// </summary>
public sealed record PublishGates
{
    /// <summary>By how much there may be fewer IDs than under the published codebook, as a share of those.</summary>
    /// <value>0 to 1; null: no limit. Default 0.05.</value>
    public double? RowDrop { get; init; } = 0.05;

    /// <summary>The least share of the log's rows that <c>input.where</c> selects. The rows of the log are counted for it.</summary>
    /// <value>0 to 1. Default null: no limit.</value>
    public double? PositiveShare { get; init; }

    /// <summary>The largest share of items without an embedding of the codebook's model.</summary>
    /// <value>0 to 1; null: no limit. Default 0.2.</value>
    public double? WithoutEmbedding { get; init; } = 0.2;

    /// <summary>The least share of codes that are used at each level (<c>evaluate.utilization</c>).</summary>
    /// <value>0 to 1. Default null: no limit.</value>
    public double? Utilization { get; init; }

    /// <summary>The largest collision rate: 1 - unique IDs / items (<c>evaluate.collision_rate</c>).</summary>
    /// <value>0 to 1. Default null: no limit.</value>
    public double? Collisions { get; init; }

    /// <summary>The largest share of items whose codes differ from the published ones.</summary>
    /// <value>0 to 1. Default null: no limit.</value>
    public double? Moved { get; init; }

    /// <summary>The largest mean error of items appended since training, divided by the training error (<c>evaluate.drift</c>).</summary>
    /// <value>Above 0. Default null: no limit.</value>
    public double? Drift { get; init; }

    /// <summary>Adds one line per invalid key.</summary>
    internal void Validate(Problems problems)
    {
        Share(RowDrop, "rowDrop");
        Share(PositiveShare, "positiveShare");
        Share(WithoutEmbedding, "withoutEmbedding");
        Share(Utilization, "utilization");
        Share(Collisions, "collisions");
        Share(Moved, "moved");
        problems.Require(Drift is null or (> 0 and < double.PositiveInfinity), "publish.gates.drift", "must be above 0", Drift);

        void Share(double? value, string key) =>
            problems.Require(value is null or (>= 0 and <= 1), $"publish.gates.{key}", "must be 0 to 1", value);
    }
}
