using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;
using OneRec.Core;
using OneRec.Kernels.Clustering.Training;
using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>Section <c>train</c>: how codebooks are trained. docs/method/rq-kmeans.md defines the algorithm.</summary>
public sealed record TrainOptions : IOptionSection
{
    private const int MaxCodes = 65_535;
    private const double DistancesPerSecond = 1.5e9;

    /// <summary>Number of levels of residual k-means: the number of codes of a semantic ID.</summary>
    /// <value>1 to 16. Default 3.</value>
    public int Levels { get; init; } = 3;

    /// <summary>Number of codes per level: one number for all levels, or a list with one number per level.</summary>
    /// <value>1 to 65,535 each. Default 8192.</value>
    [JsonConverter(typeof(NumberOrListConverter))]
    public IReadOnlyList<int> Codes { get; init; } = [8192];

    /// <summary>Rows per mini-batch; centroids are updated once per batch.</summary>
    /// <value>
    /// At least 1. Default null: 20 times the codes of the largest level (fewer rows per code reduce quality).
    /// </value>
    public long? Batch { get; init; }

    /// <summary>
    /// Maximum number of mini-batches per epoch. With more data, batches get larger than <c>train.batch</c>.
    /// </summary>
    /// <value>1 to 4,096. Default 64.</value>
    public int MaxBatches { get; init; } = 64;

    /// <summary>Number of mini-batch passes over all rows, per level.</summary>
    /// <value>0 to 1,000. Default 6.</value>
    public int Epochs { get; init; } = 6;

    /// <summary>Number of full-batch passes (Lloyd's algorithm, one update each) after the epochs, per level.</summary>
    /// <value>0 to 1,000. Default 3.</value>
    public int Refine { get; init; } = 3;

    /// <summary>
    /// How centroids are initialized: greedy k-means++ on a sample, or distinct vectors chosen by hash.
    /// </summary>
    /// <value>
    /// <c>kmeans++</c> or <c>random</c>. Default null: <c>kmeans++</c> for levels of up to 1,024 codes, else
    /// <c>random</c>.
    /// </value>
    public InitMode? Init { get; init; }

    /// <summary>Rows in the sample for k-means++. The norms of the sample also define outliers.</summary>
    /// <value>At least 1. Default null: 16 times the codes of the level.</value>
    public int? InitSample { get; init; }

    /// <summary>
    /// Codebook whose IDs are kept where possible: the codes of the new codebook are relabelled, level by level and one to one,
    /// so that as many items as possible keep their codes. The centroids are the same, in another order.
    /// </summary>
    /// <value><c>current</c> (the published one), <c>newest</c> or an id. Default null: none.</value>
    public string? RelabelFrom { get; init; }

    /// <summary>Number of codes of a level.</summary>
    public int CodesOf(int level) => Codes.Count == 1 ? Codes[0] : Codes[level];

    /// <summary>Initialization of a level.</summary>
    public InitMode InitOf(int level) => Init ?? (CodesOf(level) <= 1024 ? InitMode.KMeansPlusPlus : InitMode.Random);

    /// <summary>Rows in the sample of a level.</summary>
    public int InitSampleOf(int level) => InitSample ?? (16 * CodesOf(level));

    /// <summary>
    /// A number of codes for a level that suits a number of vectors: the largest power of two that leaves 32 vectors or more
    /// per code, from 4 to 8,192, and no more than there are vectors.
    /// </summary>
    /// <param name="vectors">Distinct vectors; at least 1.</param>
    public static int FittingCodes(long vectors)
    {
        const int VectorsPerCode = 32;
        long codes = Math.Max(1, vectors / VectorsPerCode);
        int power = 1 << Math.Min(BitOperations.Log2((ulong)codes), 13);
        return (int)Math.Min(Math.Max(power, 4), vectors);
    }

    /// <summary><see cref="FittingCodes"/> where the default of <see cref="Codes"/> is too many; otherwise null.</summary>
    /// <param name="items">Number of items; at least 1.</param>
    public static int? CodesBelowDefault(long items) =>
        FittingCodes(items) is var codes && codes < new TrainOptions().CodesOf(0) ? codes : null;

    /// <summary>Rows per mini-batch.</summary>
    public long BatchRows() => Batch ?? MiniBatchPlan.DefaultBatch(Codes);

    /// <summary>Expected time to assign each item once at every level, in seconds.</summary>
    /// <param name="items">Number of vectors.</param>
    /// <param name="dimensions">Their dimension.</param>
    /// <param name="threads">Cores at work.</param>
    public double AssignmentSeconds(long items, int dimensions, int threads)
    {
        double codes = Enumerable.Range(0, Levels).Sum(l => (double)CodesOf(l));
        return items * codes * dimensions / (DistancesPerSecond * threads);
    }

    /// <inheritdoc/>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        problems.Require(Levels is >= 1 and <= 16, "train.levels", "must be 1 to 16", Levels);
        string codes = string.Join(", ", Codes);
        problems.Require(Codes.Count > 0 && Codes.All(k => k is >= 1 and <= MaxCodes), "train.codes", $"must be 1 to {MaxCodes} each", codes);
        problems.Require(Codes.Count == 1 || Codes.Count == Levels, "train.codes", $"must be one number, or one for each of the {Levels} levels", codes);
        problems.Require(Batch is null or >= 1, "train.batch", "must be at least 1", Batch);
        problems.Require(MaxBatches is >= 1 and <= 4096, "train.maxBatches", "must be 1 to 4096", MaxBatches);
        problems.Require(Epochs is >= 0 and <= 1000, "train.epochs", "must be 0 to 1000", Epochs);
        problems.Require(Refine is >= 0 and <= 1000, "train.refine", "must be 0 to 1000", Refine);
        problems.Require(InitSample is null or >= 1, "train.initSample", "must be at least 1", InitSample);
    }
}

/// <summary>Reads a whole number, or a list of whole numbers, as a list.</summary>
public sealed class NumberOrListConverter : JsonConverter<IReadOnlyList<int>>
{
    /// <inheritdoc/>
    public override IReadOnlyList<int> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int one))
        {
            return [one];
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("must be a whole number or a list of whole numbers");
        }

        var list = new List<int>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            list.Add(reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out int value)
                ? value
                : throw new JsonException("must be a whole number or a list of whole numbers"));
        }

        return list;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IReadOnlyList<int> value, JsonSerializerOptions options)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(value);
        if (value.Count == 1)
        {
            writer.WriteNumberValue(value[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (int number in value)
        {
            writer.WriteNumberValue(number);
        }

        writer.WriteEndArray();
    }
}
