using OneRec.Configuration;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Swing;
using OneRec.Pipeline.Steps.Train;

namespace OneRec.Pipeline.Queries;

/// <summary>What a run will take, from counts: rough, to tell minutes from hours and what does not fit from what does.</summary>
/// <remarks>Rates are a core's, measured on the sample's data and taken low, so that an estimate rather errs above.</remarks>
internal sealed class CheckEstimate(OneRecOptions options)
{
    private const double RowsRead = 500_000;
    private const double ItemsIngested = 60_000;
    private const double ClicksPaired = 250_000;
    private const double UserPairs = 20e6;
    private const double TextsEncoded = 60;
    private const double ItemsOfImagesEncoded = 15;
    private const double TokensPooled = 20_000;
    private const double Distances = 1.5e9;

    // A row of item_similarity and of semantic_ids in Parquet.
    private const long SimilarityRow = 20;
    private const long IdRow = 120;
    private const double ProcessBytes = 250 << 20;

    /// <summary>Rows of the catalogue; 0 where there is none.</summary>
    public long Items { get; set; }

    /// <summary>Bytes of the catalogue's files.</summary>
    public long CatalogueBytes { get; set; }

    /// <summary>Rows of the log that are read.</summary>
    public long LogRows { get; set; }

    /// <summary>Distinct (user, item) of positive interactions.</summary>
    public long Edges { get; set; }

    /// <summary>Users of them.</summary>
    public long Users { get; set; }

    /// <summary>The items of the log by their number of users.</summary>
    public SwingWork? Swing { get; set; }

    /// <summary>Adds what is known to a section.</summary>
    public void Tell(CheckFacts facts)
    {
        int threads = options.ThreadCount();
        double total = 0;
        if (Items > 0)
        {
            total += Add("ingest_seconds", Items / (ItemsIngested * threads));
        }

        if (Swing is not null)
        {
            long pairs = Swing.UserPairs(options.Section<SwingOptions>().MaxItemUsers ?? long.MaxValue);
            facts.Count("swing_user_pairs", pairs);
            total += Add("swing_seconds", (LogRows / (RowsRead * threads)) + (pairs / (UserPairs * threads)));
            total += Add("pairs_seconds", (LogRows / (RowsRead * threads)) + (Edges / (ClicksPaired * threads)));
        }

        if (Items > 0 && Dimensions() is { } dimensions)
        {
            double embed = options.Section<EmbedOptions>().Inputs.Sum(i => Items / (threads * i switch
            {
                TextInput => TextsEncoded,
                ImageInput => ItemsOfImagesEncoded,
                _ => TokensPooled,
            }));
            total += Add("embed_seconds", embed);
            total += Add("train_and_assign_seconds", TrainSeconds(dimensions, threads));
        }

        facts.Seconds("seconds", total);
        facts.Bytes("memory_bytes", MemoryBytes());
        facts.Bytes("disk_bytes", DiskBytes());

        double Add(string key, double seconds)
        {
            facts.Seconds(key, seconds);
            return seconds;
        }
    }

    /// <summary>Why a run would not fit; null where nothing is seen.</summary>
    public string? Problem() => SwingBytes() > options.MemoryBytes() / 8 * 3
        ? $"swing holds its edges in memory, about {MemorySize.Format(SwingBytes())}, above its part of memoryLimit "
            + $"({MemorySize.Format(options.MemoryBytes() / 8 * 3)}); raise memoryLimit or set swing.maxUserItems"
        : null;

    private double TrainSeconds(int dimensions, int threads)
    {
        // Batches of train.batch rows are each assigned twice: to train, and at the end of a level.
        double codes = Enumerable.Range(0, options.Section<TrainOptions>().Levels).Sum(l => (double)options.Section<TrainOptions>().CodesOf(l));
        return 3 * Items * codes * dimensions / (Distances * threads);
    }

    /// <summary>Floats of an embedding; null where no block tells.</summary>
    private int? Dimensions()
    {
        int all = 0;
        foreach (EmbedInput input in options.Section<EmbedOptions>().Inputs)
        {
            int? own = input switch
            {
                TokensInput tokens => tokens.Dimensions ?? 512,
                _ => input.OpenModel()?.Manifest.Dimensions,
            };
            all += own ?? 0;
        }

        return all == 0 ? null : all;
    }

    // As the kernel lays edges out: 8 bytes each, 12 a user, 8 an item.
    private long SwingBytes() => Swing is null ? 0 : (8 * Edges) + (12 * Users) + (8 * Swing.Items);

    private long MemoryBytes() => (long)Math.Min(
        options.MemoryBytes(), ProcessBytes + Math.Max(SwingBytes() * 2.0, Math.Min(CatalogueBytes * 2.0, options.MemoryBytes() / 2.0)));

    private long DiskBytes()
    {
        long similarity = Swing is null ? 0 : SimilarityRow * Swing.Degrees.Sum(d => d.Items * Math.Min(options.Section<SwingOptions>().TopK, d.Users * 20));
        long embeddings = Dimensions() is { } d ? Items * (4L * d) : 0;

        // Scratch holds the log's columns while a step works on it.
        return CatalogueBytes + (2 * similarity) + embeddings + (Items * IdRow) + (LogRows * 24);
    }
}
