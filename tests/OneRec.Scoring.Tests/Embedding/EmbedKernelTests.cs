using Apache.Arrow;
using Apache.Arrow.Types;
using CsCheck;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Scoring.Embedding;
using OneRec.Scoring.Models;
using OneRec.Scoring.Tests.Text;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Scoring.Tests.Embedding;

public sealed class EmbedKernelTests : IDisposable
{
    private static readonly TinyEncoder Tiny = new();
    private readonly ScratchFolder _scratch = new();
    private readonly KernelRegistry _registry = ScoringKernels.Register(new KernelRegistry());

    [Fact]
    public void A_token_block_is_the_plain_mean_of_the_items_vectors()
    {
        Gen<float> value = Gen.Float[-100, 100];
        Gen.Int[1, 12].SelectMany(n => value.Array[5].Array[n]).List[1, 20].Sample(items =>
        {
            List<EmbedOutputRow> rows = Run(
                Parameters([new TokenBlock { Dimensions = 5 }], normalize: false),
                [.. items.Select((tokens, i) => new EmbedInputRow(i, null, Tokens: tokens))]);
            for (int i = 0; i < items.Count; i++)
            {
                float[] mean = [.. Enumerable.Range(0, 5).Select(t => (float)(items[i].Sum(v => (double)v[t]) / items[i].Length))];
                Assert.Equal(mean, rows[i].Embedding);
                Assert.Null(rows[i].Problem);
            }
        }, iter: 50);
    }

    [Fact]
    public void Blocks_are_laid_side_by_side_at_the_length_of_their_weight()
    {
        EmbedParameters parameters = Parameters([Text() with { Weight = 2 }, new TokenBlock { Dimensions = 2, Weight = 0.5 }]);
        List<EmbedOutputRow> rows = Run(parameters, [new EmbedInputRow(1, "red fox", Tokens: [[3, 0], [3, 8]])]);
        float[] text = Mean("[CLS]", "red", "fox", "[SEP]");
        double length = Math.Sqrt(text.Sum(x => (double)x * x));
        float[] expected = [.. text.Select(x => (float)(x / length * 2)), 0.3f, 0.4f];
        Assert.Equal(expected.Length, rows[0].Embedding!.Length);
        Assert.All(expected.Zip(rows[0].Embedding!), p => Assert.Equal(p.First, p.Second, 1e-6f));
    }

    [Fact]
    public void Fields_are_joined_as_one_text()
    {
        TextBlock block = Text() with { Fields = [new TextField("title"), new TextField("tags", 1)] };
        List<EmbedOutputRow> rows = Run(Parameters([block], normalize: false), [new EmbedInputRow(1, "red fox", "river hill")]);
        float[] expected = Mean("[CLS]", "red", "fox", ".", "river", "[SEP]");
        Assert.Equal(expected.Length, rows[0].Embedding!.Length);
        Assert.All(expected.Zip(rows[0].Embedding!), p => Assert.Equal(p.First, p.Second, 1e-6f));
    }

    [Fact]
    public void A_missing_block_is_zeros_and_counted_and_an_item_without_any_is_a_problem()
    {
        List<EmbedOutputRow> rows = Run(
            Parameters([Text(), new TokenBlock { Dimensions = 2 }]),
            [
                new EmbedInputRow(1, "red fox"),
                new EmbedInputRow(2, " ", Tokens: [[0, 2]]),
                new EmbedInputRow(3, null, Tokens: []),
                new EmbedInputRow(4, "hill", Tokens: [[1, 0]]),
            ]);
        Assert.Equal([0b10, 0b01, 0b11, 0], rows.Select(r => r.BlocksMissing));
        Assert.Equal([0, 0], rows[0].Embedding![4..]);
        Assert.Equal([0, 0, 0, 0, 0, 1], rows[1].Embedding!);
        Assert.Null(rows[2].Embedding);
        Assert.Equal("nothing to embed: no text in title and no token vectors", rows[2].Problem);
        Assert.Null(rows[3].Problem);
    }

    [Fact]
    public void What_is_wrong_with_a_rows_vectors_is_told_and_other_rows_stand()
    {
        List<EmbedOutputRow> rows = Run(
            Parameters([new TokenBlock { Dimensions = 2 }]),
            [
                new EmbedInputRow(1, null, Tokens: [[1, 2], [1, 2, 3]]),
                new EmbedInputRow(2, null, Tokens: [[1, 2], null]),
                new EmbedInputRow(3, null, Tokens: [[1, 2], [3, float.NaN]]),
                new EmbedInputRow(4, null, Tokens: [[float.NegativeInfinity, 1]]),
                new EmbedInputRow(5, null, Tokens: [[1, -1], [-1, 1]]),
                new EmbedInputRow(6, null, Tokens: [[0, 1]]),
            ]);
        Assert.Equal(
            [
                "token vector 1 has 3 floats, not 2 floats",
                "token vector 1 is null, not 2 floats",
                "token vector 1 contains NaN at 1",
                "token vector 0 contains infinity at 0",
                "the mean of its token vectors is zero and has no direction",
                null,
            ],
            rows.Select(r => r.Problem));
        Assert.Equal([0, 1], rows[5].Embedding!);
        Assert.All(rows[..5], r => Assert.Null(r.Embedding));
    }

    [Fact]
    public void A_model_output_that_is_not_finite_names_the_first_item()
    {
        EmbedInputRow[] rows = [.. Enumerable.Range(0, 40).Select(i => new EmbedInputRow(i, i is 17 or 31 ? "nan" : "red"))];
        OneRecException e = Assert.Throws<OneRecException>(() => Run(Parameters([Text()]), rows, threads: 4));
        Assert.Equal((ErrorKind.Engine, "model.not-finite"), (e.Kind, e.Code));
        Assert.Equal($"{_scratch["tiny"]}/model.onnx: output 'sentence_embedding' contains NaN or infinity (item 17)", e.Message);
    }

    [Fact]
    public void A_row_depends_on_no_other_row_batch_or_thread()
    {
        string[] words = ["red", "green", "blue", "fox", "crow", "river", "hill", "caf\u00E9", "unknownword"];
        var draws = new SplitMix64(5);
        EmbedInputRow[] rows =
        [
            .. Enumerable.Range(0, 300).Select(i => new EmbedInputRow(
                i,
                string.Join(' ', Enumerable.Range(0, 1 + (int)draws.NextBelow(20)).Select(_ => words[draws.NextBelow(9)])),
                Tokens: i % 7 == 0 ? null : [[i, 1], [2, -i]])),
        ];
        EmbedParameters parameters = Parameters([Text(), new TokenBlock { Dimensions = 2 }]);
        var whole = Run(parameters, rows).ToDictionary(r => r.Id, r => r.Embedding);
        foreach ((int size, int batch, int threads) in new[] { (300, 7, 2), (64, 256, 4), (1, 1, 1) })
        {
            foreach (EmbedInputRow[] part in rows.Reverse().Chunk(size))
            {
                List<EmbedOutputRow> embedded = Run(parameters with { Batch = batch }, part, threads);
                Assert.Equal(part.Select(r => $"{r.Id}"), embedded.Select(r => r.Id));
                Assert.Equal(part.Select(r => whole[$"{r.Id}"]), embedded.Select(r => r.Embedding));
            }
        }
    }

    [Fact]
    public void A_dynamically_quantized_models_row_depends_on_no_other_row_or_thread()
    {
        ModelFolder model = MiniLmTests.Model();
        var block = new TextBlock { Folder = model.Folder, Manifest = model.ManifestPath, Fields = [new TextField("title")] };
        string[] titles = ["Toy Story (1995)", "Heat", "Mis\u00E9rables, Les (1995)", "The weather is nice today", "Ants"];
        EmbedInputRow[] rows = [.. titles.Select((t, i) => new EmbedInputRow(i, t))];
        List<EmbedOutputRow> together = Run(Parameters([block]), rows, threads: 4);
        foreach (EmbedInputRow row in rows)
        {
            Assert.Equal(together[(int)row.Id].Embedding, Run(Parameters([block]), [row])[0].Embedding);
        }
    }

    [Fact]
    public void Ids_and_hashes_go_through_in_order_and_outlive_the_input()
    {
        RecordBatch input = EmbedInputRow.Batch(
            [.. Enumerable.Range(0, 10).Select(i => new EmbedInputRow(i, "red", Tokens: [[i, 1]]))], textIds: true);
        RecordBatch slice = input.SliceShared(3, 5);
        EmbedParameters parameters = Parameters([Text(), new TokenBlock { Dimensions = 2 }], normalize: false) with { Batch = 2 };
        IBatchKernel kernel = _registry.Create(new KernelCall("embed", parameters.ToJson(), EmbedOutput.Schema(StringType.Default)));
        List<RecordBatch> batches = [.. kernel.Run([slice], new KernelContext())];
        slice.Dispose();
        input.Dispose();
        Assert.Equal([2, 2, 1], batches.Select(b => b.Length));
        List<EmbedOutputRow> rows = EmbedOutputRow.Read(batches);
        Assert.Equal(["item-3", "item-4", "item-5", "item-6", "item-7"], rows.Select(r => r.Id));
        Assert.Equal(["hash-3", "hash-4", "hash-5", "hash-6", "hash-7"], rows.Select(r => r.Hash));
        Assert.Equal([3, 4, 5, 6, 7], rows.Select(r => r.Embedding![4]));
    }

    [Fact]
    public void Progress_counts_items_and_cancelling_stops()
    {
        var seen = new List<long>();
        using var cancel = new CancellationTokenSource();
        var context = new KernelContext
        {
            Cancellation = cancel.Token,
            Progress = p =>
            {
                seen.Add(p.Done);
                if (p.Done == 4)
                {
                    cancel.Cancel();
                }
            },
        };
        EmbedParameters parameters = Parameters([new TokenBlock { Dimensions = 1 }]) with { Batch = 2 };
        IBatchKernel kernel = Create(parameters);
        RecordBatch input = EmbedInputRow.Batch([.. Enumerable.Range(0, 9).Select(i => new EmbedInputRow(i, null, Tokens: [[1]]))]);
        Assert.Throws<OperationCanceledException>(() => EmbedOutputRow.Read(kernel.Run([input], context)));
        Assert.Equal([2, 4], seen);
    }

    [Fact]
    public void Parameters_come_back_from_their_json_in_any_key_order()
    {
        EmbedParameters parameters = Parameters([Text() with { Weight = 2 }, new TokenBlock { Dimensions = 3 }]) with { Batch = 5 };
        var sorted = (System.Text.Json.Nodes.JsonObject)System.Text.Json.Nodes.JsonNode.Parse(CanonicalJson.Write(parameters.ToJson()))!;
        EmbedParameters read = EmbedParameters.FromJson(sorted);
        Assert.Equal(CanonicalJson.Write(parameters.ToJson()), CanonicalJson.Write(read.ToJson()));
        sorted["unknown"] = 1;
        Assert.Throws<ArgumentException>(() => EmbedParameters.FromJson(sorted));
        Assert.Throws<ArgumentException>(() => EmbedParameters.FromJson(Parameters([]).ToJson()));
    }

    [Fact]
    public void Token_length_is_that_of_the_first_vector_and_reads_no_further()
    {
        IBatchKernel kernel = _registry.Create(new KernelCall("token_length", [], TokenLengthKernel.Output));
        int asked = 0;
        RecordBatch output = Assert.Single(kernel.Run(Batches(), new KernelContext()));
        Assert.Equal(3, ((Int32Array)output.Column(0)).GetValue(0));
        Assert.Equal(2, asked);

        IEnumerable<RecordBatch> Batches()
        {
            asked++;
            yield return EmbedInputRow.Batch([new EmbedInputRow(1, null), new EmbedInputRow(2, null, Tokens: [])]);
            asked++;
            yield return EmbedInputRow.Batch([new EmbedInputRow(3, null), new EmbedInputRow(4, null, Tokens: [null, [1, 2, 3]])]);
            asked++;
        }
    }

    public void Dispose() => _scratch.Dispose();

    private static EmbedParameters Parameters(IReadOnlyList<EmbedBlock> blocks, bool normalize = true) =>
        new() { Blocks = blocks, Normalize = normalize };

    private static float[] Mean(params string[] tokens)
    {
        float[][] rows = [.. tokens.Select(t => Tiny.Row(TinyEncoder.Vocabulary.ToList().IndexOf(t)))];
        return [.. Enumerable.Range(0, Tiny.Dimensions).Select(t => (float)rows.Average(r => (double)r[t]))];
    }

    private TextBlock Text() => new()
    {
        Folder = Directory.Exists(_scratch["tiny"]) ? _scratch["tiny"] : Tiny.WriteTo(_scratch["tiny"]),
        Fields = [new TextField("title")],
    };

    private IBatchKernel Create(EmbedParameters parameters) =>
        _registry.Create(new KernelCall(EmbedKernel.Name, parameters.ToJson(), EmbedOutput.Schema(Int64Type.Default)));

    private List<EmbedOutputRow> Run(EmbedParameters parameters, IReadOnlyList<EmbedInputRow> rows, int threads = 1)
    {
        using RecordBatch input = EmbedInputRow.Batch(rows);
        return EmbedOutputRow.Read(Create(parameters).Run([input], new KernelContext { Threads = threads }));
    }
}
