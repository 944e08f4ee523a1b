using OneRec.Alignment.Networks;
using OneRec.Alignment.Training;
using OneRec.Core;

namespace OneRec.Alignment.Tests.Training;

public sealed class AlignmentTrainingTests
{
    private static readonly TrainingSettings Small = new() { Seed = 5, Batch = 64, Epochs = 4, Captions = 24, TokenDropout = 0.2 };

    [Fact]
    public void A_batch_of_16_is_overfitted()
    {
        using var items = new Items(32, [12], clusters: 16);

        // Partners are of different clusters, so that nothing but the pairs brings them together.
        int[] partners = [.. Enumerable.Range(0, 16).Select(i => 16 + (((5 * i) + 3) % 16))];
        var pairs = new PairSet([.. Enumerable.Range(0, 16)], partners, 32);
        using QFormer encoder = Encoder(items);
        using var training = new AlignmentTraining(
            encoder, null, items.Tokens, pairs, Small with { Epochs = 150, Batch = 16, Dropout = 0, TokenDropout = 0, LogQ = 0 });

        double first = training.Step().Contrastive;
        double last = 0;
        while (training.Done < training.Steps)
        {
            last = training.Step().Contrastive;
        }

        Assert.True(first > 1, $"the loss began at {first}");
        Assert.True(last < 0.02, $"the loss ended at {last}");
    }

    [Fact]
    public void Both_losses_fall()
    {
        using var items = new Items(200, [12, 7]);
        using QFormer encoder = Encoder(items);
        using CaptionDecoder decoder = Decoder(encoder);
        using var training = new AlignmentTraining(encoder, Captions(items, decoder), items.Tokens, items.Pairs(600), Small with { Epochs = 8 });

        List<StepLosses> losses = Run(training);

        Assert.True(losses[^5..].Average(l => l.Contrastive) < losses[..5].Average(l => l.Contrastive) - 0.5);
        Assert.True(losses[^5..].Average(l => l.Caption) < 0.5 * losses[..5].Average(l => l.Caption));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(1, true)]
    [InlineData(2, true)]
    public void Threads_and_recomputing_do_not_change_a_bit(int threads, bool recompute)
    {
        using var items = new Items(300, [12, 7]);

        Assert.Equal(Trained(items, Small), Trained(items, Small with { Threads = threads, Recompute = recompute }));
    }

    [Fact]
    public void A_training_that_continues_from_a_saved_state_ends_with_the_same_bits()
    {
        using var items = new Items(200, [12, 7]);
        TrainingState state = null!;
        IReadOnlyList<float[]> whole = Trained(items, Small, (training, done) => state = done == 13 ? training.Save() : state);

        IReadOnlyList<float[]> continued = Trained(items, Small, from: state);

        Assert.Equal(13, state.Done);
        Assert.Equal(whole, continued);
    }

    /// <summary>TorchSharp forgets numbers that an operation still reads: a collection then freed them.</summary>
    [Fact]
    public void Garbage_collections_of_other_threads_do_not_disturb_a_step()
    {
        using var items = new Items(300, [12, 7]);
        IReadOnlyList<float[]> quiet = Trained(items, Small);
        using var stop = new CancellationTokenSource();
        var collector = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        try
        {
            Assert.Equal(quiet, Trained(items, Small with { Threads = 2 }));
        }
        finally
        {
            stop.Cancel();
            collector.Join();
        }
    }

    [Fact]
    public void Another_seed_gives_other_weights()
    {
        using var items = new Items(200, [12, 7]);

        Assert.NotEqual(Trained(items, Small), Trained(items, Small with { Seed = 6 }));
    }

    [Fact]
    public void A_loss_that_is_not_finite_names_its_step_and_changes_nothing()
    {
        using var items = new Items(200, [12]);
        using QFormer encoder = Encoder(items);
        using var training = new AlignmentTraining(encoder, null, items.Tokens, items.Pairs(600), Small with { Temperature = 1e-42 });
        IReadOnlyList<float[]> before = encoder.Parameters.Snapshot();

        OneRecException refusal = Assert.Throws<OneRecException>(() => Run(training));

        Assert.Equal("align.not-finite", refusal.Code);
        Assert.Contains("step 1 of 40", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, encoder.Parameters.Snapshot());
    }

    [Fact]
    public void Items_of_a_cluster_come_together()
    {
        using var items = new Items(200, [12, 7], noise: 3);
        using QFormer encoder = Encoder(items);
        double before = Agreement(encoder, items);
        using var training = new AlignmentTraining(encoder, null, items.Tokens, items.Pairs(600), Small with { Epochs = 8 });
        Run(training);

        Assert.True(Agreement(encoder, items) > before + 0.2, $"{before} before, {Agreement(encoder, items)} after");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Perplexity_of_unseen_captions_is_that_of_one_item_after_another(int threads)
    {
        using var items = new Items(200, [12, 7]);
        using QFormer encoder = Encoder(items);
        using CaptionDecoder decoder = Decoder(encoder);
        CaptionTask task = Captions(items, decoder);
        using var training = new AlignmentTraining(encoder, task, items.Tokens, items.Pairs(600), Small with { Epochs = 8 });
        Run(training);
        int[] unseen = [.. Enumerable.Range(1, 150)];

        CaptionPerplexity found = UnseenCaptions.Of(encoder, task, items.Tokens, unseen, threads, CancellationToken.None)!.Measure();

        int[] own = [.. unseen.Where(i => task.Captions[i].Length > 0)];
        double tokens = own.Sum(i => task.Captions[i].Length);
        Assert.Equal(Math.Exp(own.Sum(i => Loss(i, i)) / tokens), found.Own, 1e-3);
        Assert.Equal(Math.Exp(own.Select((i, place) => Loss(i, own[(place + 1) % own.Length])).Sum() / tokens), found.Other, 1e-3 * found.Other);
        Assert.InRange(found.Own, 1, 0.5 * found.Other);

        double Loss(int caption, int of)
        {
            using IDisposable plain = TorchSharp.torch.no_grad();
            using TorchSharp.torch.Tensor queries = encoder.Encode(items.Tokens.Read([of]), null).Queries;
            using TorchSharp.torch.Tensor loss = decoder.Loss(queries, [task.Captions[caption]]);
            return loss.data<float>()[0];
        }
    }

    [Fact]
    public void One_unseen_caption_has_no_perplexity()
    {
        using var items = new Items(20, [12]);
        using QFormer encoder = Encoder(items);
        using CaptionDecoder decoder = Decoder(encoder);

        // Items 0, 7 and 14 have no caption.
        Assert.Null(UnseenCaptions.Of(encoder, Captions(items, decoder), items.Tokens, [0, 1, 7, 14], 1, CancellationToken.None));
        Assert.NotNull(UnseenCaptions.Of(encoder, Captions(items, decoder), items.Tokens, [0, 1, 2], 1, CancellationToken.None));
    }

    // Share of items whose nearest neighbour is of their cluster.
    private static double Agreement(QFormer encoder, Items items)
    {
        using IDisposable plain = TorchSharp.torch.no_grad();
        using TorchSharp.torch.Tensor all = encoder.Encode(items.Tokens.Read([.. Enumerable.Range(0, items.Tokens.Items)]), null).Embeddings;
        using TorchSharp.torch.Tensor likeness = all.matmul(all.t());
        using TorchSharp.torch.Tensor nearest = (likeness - (2 * TorchSharp.torch.eye(likeness.shape[0]))).argmax(1);
        long[] places = nearest.data<long>().ToArray();
        return places.Select((p, i) => p % items.Clusters == i % items.Clusters ? 1.0 : 0).Average();
    }

    private static IReadOnlyList<float[]> Trained(
        Items items, TrainingSettings settings, Action<AlignmentTraining, int>? after = null, TrainingState? from = null)
    {
        using QFormer encoder = Encoder(items);
        using CaptionDecoder decoder = Decoder(encoder);
        using var training = new AlignmentTraining(encoder, Captions(items, decoder), items.Tokens, items.Pairs(600), settings);
        if (from is not null)
        {
            training.Load(from);
        }

        while (training.Done < training.Steps)
        {
            training.Step();
            after?.Invoke(training, training.Done);
        }

        return [.. encoder.Parameters.Snapshot(), .. decoder.Parameters.Snapshot()];
    }

    private static List<StepLosses> Run(AlignmentTraining training)
    {
        var losses = new List<StepLosses>();
        while (training.Done < training.Steps)
        {
            losses.Add(training.Step());
        }

        return losses;
    }

    private static QFormer Encoder(Items items) =>
        new(new QFormerShape { Blocks = items.Blocks, Layers = 2, Width = 32, Heads = 4, Hidden = 48 }, 3);

    private static CaptionDecoder Decoder(QFormer encoder) =>
        new(new DecoderShape { Vocabulary = 12, Prefix = encoder.Shape.Width, Width = 16, Heads = 2, KeyHeads = 1, Hidden = 32 }, 4);

    // An item's caption counts up from its cluster.
    private static CaptionTask Captions(Items items, CaptionDecoder decoder) =>
        new(decoder, [.. Enumerable.Range(0, items.Tokens.Items).Select(i => i % 7 == 0 ? Array.Empty<int>() : [i % items.Clusters, (i + 1) % items.Clusters, 11])]);
}
