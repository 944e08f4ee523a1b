using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using OneRec.Alignment.Safetensors;
using OneRec.Alignment.Training;
using OneRec.Core;
using OneRec.Kernels.Ranking;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Pipeline.Steps.Quantization;

namespace OneRec.Alignment.Steps;

/// <summary>What the step <c>align</c> does: pairs and items in, a model folder and curves out.</summary>
internal static class AlignWork
{
    /// <summary>Loads libtorch.</summary>
    /// <exception cref="OneRecException">Engine error <c>align.torch</c>: it cannot be loaded here.</exception>
    public static void Require() => TorchRuntime.Require();

    /// <summary>Trains, writes the model, and commits the curves.</summary>
    public static StepOutcome Run(StepRun run)
    {
        PinnedTable items = run.Input("items").Require("ingest");
        AlignOptions options = run.Options.Section<AlignOptions>();
        using var part = TrainingPart.Read(run, items.IdType);
        using var gathered = TrainingItems.Gather(run, items, part.Pairs);
        (int[] first, int[] second, long left) = gathered.Read(run.Engine, Chosen(run, part.Pairs));
        if (first.Length < 2)
        {
            throw OneRecException.Input(
                "align.no-pairs",
                $"there are {first.Length} pairs of items with token vectors to learn from; lower align.validation or evaluate.holdout, "
                    + "check that the ids of log and catalogue are alike, or set embed.model=pool");
        }

        var pairs = new PairSet(first, second, gathered.Numbers.Count);
        TokenBlockShape[] blocks = gathered.Shapes();
        using ItemEncoder encoder = Encoder(options, blocks, run.Options.Seed);
        using CaptionDecoder? decoder = Captions(run, gathered, encoder, out CaptionTask? captions);
        Validation validation = ValidationOf(run, part, gathered);
        using var pooled = new LinearMap(blocks, normalize: true);
        VectorScores before = validation.Embed(pooled);
        double? pooledHits = validation.Queries.Count == 0 ? null : validation.Measure(before).F100;
        Tell(run, pairs, gathered, left, validation, pooledHits, encoder, captions);
        using var training = new AlignmentTraining(encoder, captions, gathered.Tokens, pairs, Settings(run.Options));
        var loop = new TrainingLoop(
            run, training, encoder, validation.Queries.Count == 0 ? null : validation, captions is null ? null : Unseen(run, encoder, captions, gathered, pairs));
        loop.Run();
        TellSpeed(run, loop);
        var examples = NeighbourExamples.Of(run.Engine, gathered, validation.Items, pairs, before, validation.Embed(encoder));
        AlignedModel model = ModelWriter.Write(run, encoder, blocks, Record(run, loop, pairs, gathered, training, pooledHits, examples));
        IReadOnlyList<(string, int?, int?, double)> rows = [.. Measures(loop, pairs, pooledHits)];
        TableVersion version = QualityRows.Write(run, run.Note(), "run_id", run.RunId, "align.", rows, null);
        loop.Clear();
        return new StepOutcome(rows.Count, [version], [.. Facts(model, loop, pairs, gathered, encoder, training, pooledHits)]);
    }

    private static IRelation Chosen(StepRun run, IRelation pairs)
    {
        int? most = run.Options.Section<AlignOptions>().MaxPairs;
        SqlScript script = most is null
            ? SqlScript.Load(typeof(AlignWork), "all_pairs.sql")
            : SqlScript.Load(typeof(AlignWork), "chosen_pairs.sql")
                .With("pair_hash", OrderHash.Of(run.Options.Seed, "align", "item_id", "pair_item_id", "source"))
                .With("most", most.Value);
        return run.Engine.Sql(script, ("pairs", pairs));
    }

    private static ItemEncoder Encoder(AlignOptions options, TokenBlockShape[] blocks, long seed) => options.Form == "linear"
        ? new LinearMap(blocks, options.Normalize)
        : new QFormer(
            new QFormerShape
            {
                Blocks = blocks,
                Queries = options.Queries,
                Layers = options.Layers,
                Width = options.Width,
                Heads = options.Heads,
                Hidden = options.Hidden,
                SelfAttention = options.SelfAttention,
                Residual = options.Residual,
                Concat = options.Output == "concat",
                Normalize = options.Normalize,
            },
            seed);

    private static CaptionDecoder? Captions(StepRun run, TrainingItems items, ItemEncoder encoder, out CaptionTask? task)
    {
        task = null;
        CaptionOptions options = run.Options.Section<AlignOptions>().Captions;
        if (encoder is not QFormer qformer || options.Lambda == 0)
        {
            return null;
        }

        EmbedOptions embed = run.Options.Section<EmbedOptions>();
        LlamaFolder? weights = options.Weights is null ? null : LlamaFolder.Open(options.Weights);
        var captions = CaptionTokens.Read(
            run.Engine, items.Rows, items.Numbers, embed, options, weights is null ? null : (weights.EndToken, weights.Shape(1).Vocabulary));
        if (captions.Captions.All(c => c.Length == 0))
        {
            run.Report("no item has a title, caption or tags; training without captions");
            return null;
        }

        int width = qformer.Shape.Width;
        var decoder = new CaptionDecoder(weights?.Shape(width) ?? Shape(options, captions.Vocabulary, width), run.Options.Seed);
        weights?.Load(decoder);
        task = new CaptionTask(decoder, captions.Captions);
        return decoder;
    }

    private static Validation ValidationOf(StepRun run, TrainingPart part, TrainingItems items)
    {
        IEnumerable<(int First, int Second)> partners = [];
        IEnumerable<(int First, int Second)> known = [];
        if (part.Partners is not null)
        {
            (int[] first, int[] second, _) = items.Read(run.Engine, part.Partners);
            (int[] knownFirst, int[] knownSecond, _) = items.Read(run.Engine, HeldOutPartners.Known(run.Engine, part.Neighbours!, part.Partners));
            (partners, known) = (first.Zip(second), knownFirst.Zip(knownSecond));
        }

        return new Validation(
            items.Tokens, items.Candidates(run.Options.Seed), partners, known, run.Options.ThreadCount(), run.Cancellation);
    }

    private static UnseenCaptions? Unseen(StepRun run, ItemEncoder encoder, CaptionTask captions, TrainingItems items, PairSet pairs)
    {
        HashSet<int> seen = [.. pairs.Items];
        return UnseenCaptions.Of(
            encoder, captions, items.Tokens, items.ByHash(run.Options.Seed).Where(i => !seen.Contains(i)), run.Options.ThreadCount(), run.Cancellation);
    }

    /// <summary>The shape of a caption decoder that starts from random weights.</summary>
    /// <param name="options">The options.</param>
    /// <param name="vocabulary">Number of tokens.</param>
    /// <param name="prefix">Length of the vectors that it reads as prefix.</param>
    public static DecoderShape Shape(CaptionOptions options, int vocabulary, int prefix) => new()
    {
        Vocabulary = vocabulary,
        Prefix = prefix,
        Width = options.Width,
        Layers = options.Layers,
        Heads = options.Heads,
        KeyHeads = options.KeyHeads,
        Hidden = options.Hidden,
        Tied = options.Tied,
    };

    /// <summary>How the options say that a model is trained.</summary>
    public static TrainingSettings Settings(OneRecOptions run)
    {
        AlignOptions options = run.Section<AlignOptions>();
        return new TrainingSettings
        {
            Seed = run.Seed,
            Epochs = options.Epochs,
            Batch = options.Batch,
            Temperature = options.Temperature,
            LearnedDownTo = options.LearnTemperatureDownTo,
            LogQ = options.LogQ,
            Symmetric = options.Symmetric,
            Lambda = options.Captions.Lambda,
            Captions = options.Captions.PerStep,
            CaptionDropout = options.Captions.Dropout,
            LearningRate = options.Rate,
            WeightDecay = options.WeightDecay,
            Clip = options.Clip,
            Dropout = options.Dropout,
            TokenDropout = options.TokenDropout,
            Recompute = options.GradientCaching,
            Threads = run.ThreadCount(),
        };
    }

    private static void Tell(
        StepRun run,
        PairSet pairs,
        TrainingItems items,
        long left,
        Validation validation,
        double? pooledHits,
        ItemEncoder encoder,
        CaptionTask? captions)
    {
        run.Report(Invariant(
            $"{pairs.Count:N0} pairs of {pairs.Items.Count():N0} items; {items.Numbers.Count:N0} items have {items.Tokens.Vectors:N0} token vectors in scratch")
            + (left > 0 ? Invariant($"; {left:N0} pairs of items without token vectors are left out") : ""));
        run.Report(Invariant($"{encoder.Parameters.Count:N0} weights")
            + (captions is null ? "" : Invariant($", and {captions.Decoder.Parameters.Count:N0} of the caption decoder ({captions.Decoder.Shape.Vocabulary:N0} tokens)")));
        if (pooledHits is { } hits)
        {
            run.Report(Invariant(
                $"validation: {validation.Queries.Count:N0} items with {validation.Queries.Sum(q => q.Partners.Count):N0} partners; pooled vectors find {100 * hits:F1}% of an item's among 100"));
        }
        else if (run.Options.Section<AlignOptions>().ParseValidation() is not null)
        {
            run.Report("warning: the users of align.validation have no partners to validate with; the last state is kept");
        }
    }

    // A line, not a fact: facts are the same whenever a run is repeated.
    private static void TellSpeed(StepRun run, TrainingLoop loop)
    {
        if (loop.Speed is { Seconds: > 0 } speed)
        {
            run.Report(Invariant($"{speed.Pairs / speed.Seconds:N0} pairs/s, {speed.TokenVectors / speed.Seconds:N0} token vectors/s on {run.Options.ThreadCount()} threads"));
        }
    }

    private static IEnumerable<(string Metric, int? Level, int? Iteration, double Value)> Measures(TrainingLoop loop, PairSet pairs, double? pooledHits)
    {
        yield return ("align.pairs", null, null, pairs.Count);
        foreach (CurvePoint point in loop.Points)
        {
            yield return ("align.contrastive_loss", null, point.Step, point.Contrastive);
            if (point.Caption is { } caption)
            {
                yield return ("align.caption_loss", null, point.Step, caption);
            }

            if (point.Hits is { } hits)
            {
                yield return ("align.validation_hits", null, point.Step, hits);
            }

            if (point.Unseen is { } unseen)
            {
                yield return ("align.caption_perplexity", null, point.Step, unseen.Own);
                yield return ("align.caption_perplexity_other", null, point.Step, unseen.Other);
            }
        }

        if (pooledHits is { } before && loop.Best is { } best)
        {
            yield return ("align.validation_hits_pooled", null, null, before);
            yield return ("align.best_step", null, null, best.Step);
        }
    }

    private static JsonObject Record(
        StepRun run, TrainingLoop loop, PairSet pairs, TrainingItems items, AlignmentTraining training, double? pooledHits, JsonArray examples) => new()
        {
            ["code_version"] = CodeVersion.Text,
            ["parameters"] = run.Plan.Parameters.DeepClone(),
            ["inputs"] = run.Plan.Inputs.ToJson(),
            ["pairs"] = pairs.Count,
            ["items"] = items.Numbers.Count,
            ["token_vectors"] = items.Tokens.Vectors,
            ["steps"] = training.Done,
            ["steps_planned"] = training.Steps,
            ["best_step"] = loop.Best?.Step,
            ["validation_hits"] = loop.Best?.Hits,
            ["validation_hits_pooled"] = pooledHits,
            ["curve"] = new JsonArray(
            [
                .. loop.Points.Select(p => new JsonObject
                {
                    ["step"] = p.Step,
                    ["contrastive_loss"] = p.Contrastive,
                    ["caption_loss"] = p.Caption,
                    ["validation_hits"] = p.Hits,
                    ["caption_perplexity"] = p.Unseen?.Own,
                    ["caption_perplexity_other"] = p.Unseen?.Other,
                }),
            ]),
            ["neighbours"] = examples,
        };

    private static IEnumerable<Fact> Facts(
        AlignedModel model,
        TrainingLoop loop,
        PairSet pairs,
        TrainingItems items,
        ItemEncoder encoder,
        AlignmentTraining training,
        double? pooledHits)
    {
        yield return new Fact("model", model.Id);
        yield return Fact.Of("dimensions", encoder.Dimensions);
        yield return Fact.Of("pairs", pairs.Count);
        yield return Fact.Of("items", items.Numbers.Count);
        if (items.Without > 0)
        {
            yield return Fact.Of("items without token vectors", items.Without);
        }

        yield return Fact.Of("steps", training.Done);
        if (loop.Points is [.., var last])
        {
            yield return Fact.Of("contrastive loss", last.Contrastive, last.Contrastive.ToString("F3", CultureInfo.InvariantCulture));
            if (last.Caption is { } caption)
            {
                yield return Fact.Of("caption loss", caption, caption.ToString("F3", CultureInfo.InvariantCulture));
            }
        }

        if (loop.Kept?.Unseen is { } unseen)
        {
            yield return Fact.Of(
                "unseen captions' perplexity", unseen.Own, Invariant($"{unseen.Own:F1} (with another item's queries {unseen.Other:F1})"));
        }

        if (loop.Best is { } best && pooledHits is { } before)
        {
            yield return Fact.Of("validation partners found", best.Hits, Invariant($"{100 * best.Hits:F1}% (pooled {100 * before:F1}%)"));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
