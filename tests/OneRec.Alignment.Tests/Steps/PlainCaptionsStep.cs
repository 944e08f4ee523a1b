using OneRec.Alignment.Networks;
using OneRec.Alignment.Steps;
using OneRec.Alignment.Training;
using OneRec.Core;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using TorchSharp;
using static TorchSharp.torch;

namespace OneRec.Alignment.Tests.Steps;

/// <summary>
/// Trains the decoder of <c>align</c> on the same captions without any queries: what can be predicted of a caption without
/// knowing its item. It reads a constant prefix instead.
/// </summary>
/// <param name="steps">Steps of 64 captions.</param>
internal sealed class PlainCaptionsStep(int steps) : IStep
{
    private const int PrefixLength = 8;
    private const int Batch = 64;
    private const int Every = 50;

    /// <summary>The lowest perplexity of unseen captions, whenever it was reached.</summary>
    public double Best { get; private set; } = double.PositiveInfinity;

    public StepDescription Description { get; } = new("plain-captions", "captions without queries")
    {
        About = ["Trains a decoder without queries."],
        Reads = ["items", "item_pairs"],
        Writes = [],
        Result = "a perplexity",
    };

    public StepPlan Plan(PlanContext context) => new AlignStep().Plan(context);

    public StepOutcome Run(StepRun run)
    {
        PinnedTable items = run.Input("items").Require("ingest");
        CaptionOptions options = run.Options.Section<AlignOptions>().Captions;
        using var part = TrainingPart.Read(run, items.IdType);
        using var gathered = TrainingItems.Gather(run, items, part.Pairs);
        IRelation all = run.Engine.Sql(SqlScript.Load(typeof(AlignStep), "all_pairs.sql"), ("pairs", part.Pairs));
        (int[] first, int[] second, _) = gathered.Read(run.Engine, all);
        HashSet<int> seen = [.. first, .. second];
        var tokens = CaptionTokens.Read(run.Engine, gathered.Rows, gathered.Numbers, run.Options.Section<EmbedOptions>(), options, null);
        int[] with = [.. gathered.ByHash(run.Options.Seed).Where(i => tokens.Captions[i].Length > 0)];
        int[] unseen = [.. with.Where(i => !seen.Contains(i)).Take(UnseenCaptions.Most)];
        Train(tokens, [.. with.Where(seen.Contains)], unseen, options, run);
        return new StepOutcome(0, [], []);
    }

    private void Train(CaptionTokens captions, int[] seen, int[] unseen, CaptionOptions options, StepRun run)
    {
        using var decoder = new CaptionDecoder(AlignWork.Shape(options, captions.Vocabulary, PrefixLength), run.Options.Seed);
        var settings = new TrainingSettings { Seed = run.Options.Seed, LearningRate = 2e-3 };
        using var optimizer = new Optimizer([.. decoder.Parameters.All.Select(p => p.Value)], settings.WeightDecay, settings.Clip);
        var random = new SplitMix64(1);
        int[] order = [];
        int at = 0;
        for (int step = 0; step < steps; step++)
        {
            if (at + Batch > order.Length)
            {
                (order, at) = (random.Permutation(seen.Length), 0);
            }

            using DisposeScope scope = NewDisposeScope();
            int[][] batch = [.. order.Skip(at).Take(Batch).Select(i => captions.Captions[seen[i]])];
            at += Batch;
            var dropout = new RandomZeros(options.Dropout, 0, (ulong)step);
            Tensor loss = Loss(decoder, batch, dropout) / tensor((float)batch.Sum(c => c.Length));
            IList<Tensor> gradients = autograd.grad([loss], [.. decoder.Parameters.Tensors]);
            optimizer.Apply([.. gradients], settings.Rate(step, steps), step);
            if ((step + 1) % Every == 0)
            {
                double perplexity = Perplexity(decoder, [.. unseen.Select(i => captions.Captions[i])]);
                Best = Math.Min(Best, perplexity);
                run.Report($"without queries, step {step + 1}: {perplexity:F1}");
            }
        }
    }

    private static Tensor Loss(CaptionDecoder decoder, int[][] captions, RandomZeros? dropout = null) =>
        decoder.Loss(ones(captions.Length, 1, decoder.Shape.Prefix), captions, dropout);

    private static double Perplexity(CaptionDecoder decoder, int[][] captions)
    {
        using IDisposable plain = no_grad();
        double loss = captions.Chunk(Batch).Sum(c =>
        {
            using DisposeScope scope = NewDisposeScope();
            return (double)Loss(decoder, c).data<float>()[0];
        });
        return Math.Exp(loss / captions.Sum(c => c.Length));
    }
}
