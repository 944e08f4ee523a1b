using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Alignment.Export;
using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using OneRec.Alignment.Tokens;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Scoring;
using OneRec.Scoring.Embedding;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Models;
using OneRec.Scoring.Onnx;
using OneRec.Testing;
using OneRec.Testing.Onnx;
using TorchSharp;
using static TorchSharp.torch;

namespace OneRec.Alignment.Tests.Scoring;

/// <summary>The kernels that score with an exported encoder, against libtorch.</summary>
public sealed class AlignedEmbeddingTests : IDisposable
{
    private const int Given = 6;

    private static readonly string[] Titles = ["red fox", "hill", "", "river hill red", "fox fox fox fox river"];
    private static readonly TinyEncoder Tiny = new();
    private readonly ScratchFolder _scratch = new();
    private readonly KernelRegistry _registry = ScoringKernels.Register(new KernelRegistry());
    private readonly string _model;

    public AlignedEmbeddingTests()
    {
        TorchRuntime.Require();
        Tiny.WriteTo(_scratch.Path);
        _model = Path.Combine(_scratch.Path, "aligned");
        Directory.CreateDirectory(_model);
    }

    private static IReadOnlyList<TokenBlockShape> Shapes => [new TokenBlockShape(Tiny.Dimensions, 1, 1), new TokenBlockShape(Given, 0.5, 1)];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Embeddings_equal_those_of_libtorch_for_the_same_token_vectors()
    {
        using QFormer qformer = Written(Shapes);
        RecordBatch input = Input(40);
        using TokenStore store = Store(Run(TokenVectorsKernel.Name, Parameters(null), input, TokenVectorsKernel.Output(Int64Type.Default, 2)));

        List<RecordBatch> embedded = Run(EmbedKernel.Name, Parameters(_model), input, EmbedOutput.Schema(Int64Type.Default));

        float[]?[] got = [.. embedded.SelectMany(Embeddings)];
        using DisposeScope scope = NewDisposeScope();
        int[] some = [.. Enumerable.Range(0, 40).Where(i => store.Length(i) > 0)];
        float[] expected = qformer.Encode(store.Read(some), null).Embeddings.detach().data<float>().ToArray();
        Assert.Equal(expected, some.SelectMany(i => got[i]!), (a, b) => Math.Abs(a - b) < 2e-3);
        Assert.All(Enumerable.Range(0, 40).Except(some), i => Assert.Null(got[i]));
        Assert.Contains(Enumerable.Range(0, 40), i => got[i] is null);
    }

    [Fact]
    public void An_item_without_any_token_vector_or_with_a_bad_one_is_a_problem_in_both_kernels()
    {
        using QFormer qformer = Written(Shapes);
        RecordBatch input = Batch(["", "fox", ""], [[], [Half.NaN, .. new Half[5]], [Half.One, .. new Half[5]]]);

        string?[] embedded = [.. Run(EmbedKernel.Name, Parameters(_model), input, EmbedOutput.Schema(Int64Type.Default)).SelectMany(b => Texts(b, 4))];
        string?[] vectors =
        [
            .. Run(TokenVectorsKernel.Name, Parameters(null), input, TokenVectorsKernel.Output(Int64Type.Default, 2)).SelectMany(b => Texts(b, 5)),
        ];

        Assert.Equal(["nothing to embed: no text in title and no token vectors", "token vector 0 contains NaN at 0", null], embedded);
        Assert.Equal(embedded, vectors);
    }

    [Fact]
    public void A_text_model_that_pools_gives_its_token_vectors_if_its_manifest_names_them()
    {
        RecordBatch input = Batch(["red fox"], [[]]);

        RecordBatch vectors = Run(TokenVectorsKernel.Name, Parameters(null), input, TokenVectorsKernel.Output(Int64Type.Default, 2)).Single();

        Half[] got = MemoryMarshal.Cast<byte, Half>(((BinaryArray)vectors.Column(1)).GetBytes(0)).ToArray();
        string[] words = ["[CLS]", "red", "fox", "[SEP]"];
        Assert.Equal(words.SelectMany(w => Tiny.Row(TinyEncoder.Vocabulary.ToList().IndexOf(w))).Select(v => (Half)v), got);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 7)]
    public void A_row_does_not_depend_on_its_chunk_or_the_threads(int threads, int batch)
    {
        using QFormer qformer = Written(Shapes);
        RecordBatch input = Input(40);
        Schema output = EmbedOutput.Schema(Int64Type.Default);

        float[]?[] whole = [.. Run(EmbedKernel.Name, Parameters(_model), input, output).SelectMany(Embeddings)];
        float[]?[] other = [.. Run(EmbedKernel.Name, Parameters(_model) with { Batch = batch }, input, output, threads).SelectMany(Embeddings)];

        Assert.Equal(whole, other);
    }

    [Fact]
    public void Model_check_shows_such_a_folder()
    {
        using QFormer qformer = Written(Shapes);

        var facts = new ModelCheck(ModelFolder.Open(_model), ExecutionDevice.Cpu, TimeProvider.System).Run("unused", null)
            .ToDictionary(f => f.Name, f => f.Value);

        Assert.Equal("qformer", facts["kind"]);
        Assert.Equal("vectors of 4 floats, vectors of 6 floats", facts["blocks"]);
        Assert.StartsWith("64 floats with norm 1:", facts["vector"], StringComparison.Ordinal);
        Assert.Matches("^[0-9a-f]{16}$", facts["identity"]);
    }

    [Theory]
    [InlineData("[]", "blocks must be a list of objects (got [])")]
    [InlineData("[1]", "blocks must be a list of objects (got [1])")]
    [InlineData("""[{"dimensions":0,"tokens":"t","more":1}]""", "blocks[0].more is not a key of a manifest")]
    [InlineData("""[{"dimensions":0,"tokens":"t"}]""", "blocks[0].dimensions must be 1 to 65536 (got 0); blocks[0].mask is missing")]
    public void A_manifest_with_bad_blocks_names_each(string blocks, string what)
    {
        OneRecException refusal = Assert.Throws<OneRecException>(() => ModelManifest.Parse(
            """{"kind":"qformer","onnx":"m.onnx","quantization":"float","dimensions":4,"outputs":{"pooled":"e"},"blocks":""" + blocks + "}", "manifest.json"));

        Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_other_blocks_is_refused()
    {
        using QFormer qformer = Written([new TokenBlockShape(Tiny.Dimensions, 1, 1)]);

        OneRecException refusal = Assert.Throws<OneRecException>(
            () => Run(EmbedKernel.Name, Parameters(_model), Input(3), EmbedOutput.Schema(Int64Type.Default)));

        Assert.Equal("embed.aligned-blocks", refusal.Code);
        Assert.Contains($"made for blocks of {Tiny.Dimensions} dimensions, but embed.inputs give {Tiny.Dimensions}, 6", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vector_beyond_the_range_of_float16_is_a_problem_of_its_row()
    {
        RecordBatch input = Lists([[1, 2, 3, 4, 5, 70_000]]);
        EmbedParameters parameters = new() { Blocks = [new TokenBlock { Dimensions = Given }] };

        string? problem = Run(TokenVectorsKernel.Name, parameters, input, TokenVectorsKernel.Output(Int64Type.Default, 1)).SelectMany(b => Texts(b, 3)).Single();

        Assert.Equal("a value of its token vectors is beyond the range of float16", problem);
    }

    private QFormer Written(IReadOnlyList<TokenBlockShape> blocks)
    {
        var qformer = new QFormer(new QFormerShape { Blocks = blocks, Layers = 2, Width = 16, Heads = 2, Hidden = 24 }, 5);
        EncoderFolder.Write(_model, qformer, blocks);
        return qformer;
    }

    private EmbedParameters Parameters(string? aligned) => new()
    {
        Blocks =
        [
            new TextBlock { Folder = _scratch.Path, Fields = [new TextField("title")] },
            new TokenBlock { Dimensions = Given },
        ],
        Aligned = aligned,
    };

    private List<RecordBatch> Run(string kernel, EmbedParameters parameters, RecordBatch input, Schema output, int threads = 1)
    {
        var call = new KernelCall(kernel, parameters.ToJson(), output);
        return [.. _registry.Create(call).Run([input], new KernelContext { Threads = threads, MemoryBudget = 1L << 30 })];
    }

    private TokenStore Store(IEnumerable<RecordBatch> batches)
    {
        var store = new TokenStore(Path.Combine(_scratch.Path, "tokens"), [Tiny.Dimensions, Given]);
        foreach (RecordBatch batch in batches)
        {
            for (int i = 0; i < batch.Length; i++)
            {
                store.Add(Halves(batch, 1, i), Halves(batch, 3, i));
            }
        }

        store.Complete();
        return store;

        static ReadOnlyMemory<Half> Halves(RecordBatch batch, int column, int row) =>
            MemoryMarshal.Cast<byte, Half>(((BinaryArray)batch.Column(column)).GetBytes(row)).ToArray();
    }

    private static RecordBatch Input(int count)
    {
        var random = new SplitMix64(3);
        var tokens = new Half[count][];
        for (int i = 0; i < count; i++)
        {
            tokens[i] = [.. Items.Draw(ref random, Given * (i % 4 == 1 ? 0 : i % 3), 1).Select(v => (Half)v)];
        }

        return Batch([.. Enumerable.Range(0, count).Select(i => Titles[i % Titles.Length])], tokens);
    }

    private static RecordBatch Batch(string[] titles, Half[][] tokens)
    {
        var bytes = new BinaryArray.Builder();
        foreach (Half[] own in tokens)
        {
            bytes.Append(MemoryMarshal.AsBytes(own.AsSpan()));
        }

        return Batch(
            titles.Length,
            ("title", new StringArray.Builder().AppendRange(titles).Build()),
            ("tokens", bytes.Build()),
            ("n_tokens", new Int64Array.Builder().AppendRange(tokens.Select(t => (long)t.Length / Given)).Build()),
            ("dim", new Int64Array.Builder().AppendRange(tokens.Select(_ => (long)Given)).Build()));
    }

    private static RecordBatch Lists(float[][] tokens)
    {
        var lists = new ListArray.Builder(new ListType(new Field("element", FloatType.Default, false)));
        var vectors = (ListArray.Builder)lists.ValueBuilder;
        foreach (float[] vector in tokens)
        {
            lists.Append();
            vectors.Append();
            ((FloatArray.Builder)vectors.ValueBuilder).AppendRange(vector);
        }

        return Batch(tokens.Length, ("tokens", lists.Build()));
    }

    private static RecordBatch Batch(int count, params (string Name, IArrowArray Column)[] columns)
    {
        (string Name, IArrowArray Column)[] all =
        [
            ("item_id", new Int64Array.Builder().AppendRange(Enumerable.Range(0, count).Select(i => (long)i)).Build()),
            ("content_hash", new StringArray.Builder().AppendRange(Enumerable.Repeat("hash", count)).Build()),
            .. columns,
        ];
        return new RecordBatch(
            new Schema(all.Select(c => new Field(c.Name, c.Column.Data.DataType, nullable: true)), null), all.Select(c => c.Column), count);
    }

    private static IEnumerable<string?> Texts(RecordBatch batch, int column) =>
        Enumerable.Range(0, batch.Length).Select(i => (string?)((StringArray)batch.Column(column)).GetString(i));

    private static IEnumerable<float[]?> Embeddings(RecordBatch batch)
    {
        var lists = (ListArray)batch.Column(2);
        return Enumerable.Range(0, batch.Length).Select(i => lists.IsNull(i)
            ? null
            : ((FloatArray)lists.Values).Values[lists.ValueOffsets[i]..lists.ValueOffsets[i + 1]].ToArray());
    }
}
