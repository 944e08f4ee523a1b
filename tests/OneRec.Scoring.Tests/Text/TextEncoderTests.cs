using OneRec.Core;
using OneRec.Scoring.Embedding;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Models;
using OneRec.Scoring.Text;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Scoring.Tests.Text;

/// <summary>The encoder on a model known by heart, and on files that are no such model.</summary>
public sealed class TextEncoderTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void A_text_is_the_mean_of_its_tokens_rows()
    {
        var tiny = new TinyEncoder();
        using TextEncoder encoder = TextEncoder.Open(ModelFolder.Open(tiny.WriteTo(_scratch["m"])));
        int[] ids = encoder.Tokenizer.Encode([new TextPart("Red fox, r\u00EDver zzz")], ". ");
        Assert.Equal(["[CLS]", "red", "fox", ",", "river", "[UNK]", "[SEP]"], ids.Select(i => TinyEncoder.Vocabulary[i]));

        var vector = new float[4];
        encoder.Encode(ids, vector);
        for (int t = 0; t < 4; t++)
        {
            Assert.Equal(ids.Average(i => (double)tiny.Row(i)[t]), vector[t], 1e-6);
        }
    }

    [Fact]
    public void Without_a_pooled_output_the_token_outputs_are_averaged()
    {
        var tiny = new TinyEncoder();
        ModelFolder pooled = ModelFolder.Open(tiny.WriteTo(_scratch["m"]));
        using TextEncoder a = TextEncoder.Open(pooled);
        using TextEncoder b = TextEncoder.Open(pooled with { Manifest = ((TextManifest)pooled.Manifest) with { PooledOutput = null } });
        int[] ids = a.Tokenizer.Encode([new TextPart("green hill")], ". ");
        (float[] x, float[] y) = (new float[4], new float[4]);
        a.Encode(ids, x);
        b.Encode(ids, y);
        Assert.All(x.Zip(y), p => Assert.Equal(p.First, p.Second, 1e-6f));
    }

    [Fact]
    public void Missing_files_are_named()
    {
        string folder = new TinyEncoder().WriteTo(_scratch["m"]);
        File.Delete(Path.Combine(folder, "model.onnx"));
        AssertError(
            folder,
            ErrorKind.Engine,
            "model.no-file",
            $"{folder}/model.onnx: the file does not exist, but {folder}/manifest.json names it; copy it there");

        new TinyEncoder().WriteTo(folder);
        File.Delete(Path.Combine(folder, "vocab.txt"));
        AssertError(
            folder,
            ErrorKind.Engine,
            "model.no-file",
            $"{folder}/vocab.txt: the file does not exist, but {folder}/manifest.json names it; copy it there");

        AssertError(
            _scratch["none"],
            ErrorKind.Configuration,
            "model.no-folder",
            $"{_scratch["none"]}: the model folder does not exist; set embed.inputs[].encoder");

        File.Delete(Path.Combine(folder, "manifest.json"));
        AssertError(
            folder,
            ErrorKind.Configuration,
            "model.manifest",
            $"{folder}/manifest.json: the manifest does not exist; add a manifest.json to the model folder, or set "
            + "embed.inputs[].manifest");
    }

    [Fact]
    public void A_file_that_is_no_onnx_is_refused_in_one_line()
    {
        string folder = new TinyEncoder().WriteTo(_scratch["m"]);
        File.WriteAllText(Path.Combine(folder, "model.onnx"), "these are not the bytes you are looking for");
        AssertError(folder, ErrorKind.Engine, "model.not-onnx", $"{folder}/model.onnx is not an ONNX file; export the model to ONNX, or name another file in the manifest");
    }

    [Fact]
    public void A_vocabulary_without_the_special_tokens_is_refused()
    {
        string folder = new TinyEncoder().WriteTo(_scratch["m"]);
        File.WriteAllText(Path.Combine(folder, "vocab.txt"), "red\ngreen\n");
        AssertError(
            folder,
            ErrorKind.Engine,
            "model.vocabulary",
            $"{folder}/vocab.txt: not a WordPiece vocabulary ([CLS], [SEP], [UNK], one token per line); correct the manifest's tokenizer");
    }

    [Fact]
    public void An_opset_that_this_runtime_does_not_know_is_refused()
    {
        string folder = new TinyEncoder { Opset = 99 }.WriteTo(_scratch["m"]);
        OneRecException e = Assert.Throws<OneRecException>(() => TextEncoder.Open(ModelFolder.Open(folder)));
        Assert.Equal((ErrorKind.Engine, "model.opset"), (e.Kind, e.Code));
        Assert.Matches(
            $"^{folder}/model.onnx: needs opset 99 of ai.onnx, but this ONNX Runtime supports up to [0-9]+; export the model with a lower opset$",
            e.Message);
    }

    [Fact]
    public void A_format_that_this_runtime_does_not_know_is_refused()
    {
        string folder = new TinyEncoder { Format = 99 }.WriteTo(_scratch["m"]);
        OneRecException e = Assert.Throws<OneRecException>(() => TextEncoder.Open(ModelFolder.Open(folder)));
        Assert.Equal((ErrorKind.Engine, "model.opset"), (e.Kind, e.Code));
        Assert.Matches(
            $"^{folder}/model.onnx: has ONNX format .IR. version 99, but this ONNX Runtime supports up to [0-9]+; export the model with an older version of the onnx package$",
            e.Message);
    }

    [Fact]
    public void Outputs_and_inputs_of_another_name_are_told_with_those_that_are_there()
    {
        string folder = new TinyEncoder { PooledOutput = "pooler" }.WriteTo(_scratch["m"]);
        AssertError(
            folder,
            ErrorKind.Engine,
            "model.output",
            $"{folder}/model.onnx: has no output 'sentence_embedding' (it has 'pooler', 'token_embeddings'); "
            + $"correct {folder}/manifest.json");

        var tiny = new TinyEncoder();
        tiny.WriteTo(folder, tiny.Manifest().Replace("input_ids", "ids", StringComparison.Ordinal));
        AssertError(
            folder,
            ErrorKind.Engine,
            "model.input",
            $"{folder}/model.onnx: has no input 'ids' (it has 'attention_mask', 'input_ids'); correct {folder}/manifest.json");

        tiny.WriteTo(folder, tiny.Manifest().Replace(", \"mask\": \"attention_mask\"", "", StringComparison.Ordinal));
        AssertError(
            folder,
            ErrorKind.Engine,
            "model.input",
            $"{folder}/model.onnx: needs an input 'attention_mask' that {folder}/manifest.json does not name; "
            + "add it to inputs (ids, mask or types)");
    }

    [Fact]
    public void An_output_of_another_shape_is_refused_at_load_whether_declared_or_not()
    {
        var tiny = new TinyEncoder();
        string manifest = tiny.Manifest().Replace("\"dimensions\": 4", "\"dimensions\": 5", StringComparison.Ordinal);
        string folder = tiny.WriteTo(_scratch["m"], manifest);
        AssertError(
            folder,
            ErrorKind.Engine,
            "model.output",
            $"{folder}/model.onnx: output 'sentence_embedding' is float [?, 4], not float [batch, dimensions] with 5 dimensions");

        new TinyEncoder { PooledAxis = 2 }.WriteTo(folder);
        AssertError(
            folder,
            ErrorKind.Engine,
            "model.output",
            $"{folder}/model.onnx: output 'sentence_embedding' is [1, 9] for a text with 9 tokens, not [1, 4]");
    }

    [Fact]
    public void Output_that_is_not_finite_is_refused()
    {
        string folder = new TinyEncoder().WriteTo(_scratch["m"]);
        using TextEncoder encoder = TextEncoder.Open(ModelFolder.Open(folder));
        int[] ids = encoder.Tokenizer.Encode([new TextPart("red nan")], ". ");
        OneRecException e = Assert.Throws<OneRecException>(() => encoder.Encode(ids, new float[4]));
        Assert.Equal(ErrorKind.Engine, e.Kind);
        Assert.Equal($"{folder}/model.onnx: output 'sentence_embedding' contains NaN or infinity", e.Message);
    }

    [Fact]
    public void Identity_changes_with_a_files_bytes_and_not_with_its_place()
    {
        string a = ModelFolder.Open(new TinyEncoder().WriteTo(_scratch["a"])).Identity().ToJsonString();
        string b = ModelFolder.Open(new TinyEncoder().WriteTo(_scratch["b"])).Identity().ToJsonString();
        string c = ModelFolder.Open(new TinyEncoder { Shift = 1 }.WriteTo(_scratch["c"])).Identity().ToJsonString();
        Assert.Equal(a, b);
        Assert.NotEqual(a, c);
    }

    [Fact]
    public void A_pool_loads_a_model_once_and_a_changed_file_anew()
    {
        string folder = new TinyEncoder().WriteTo(_scratch["m"]);
        using var pool = new EncoderPool();
        var seen = new TextEncoder[8];
        Parallel.For(0, seen.Length, i => seen[i] = pool.Text(ModelFolder.Open(folder)));
        Assert.All(seen, e => Assert.Same(seen[0], e));
        Assert.Equal(1, pool.Count);

        new TinyEncoder { Dimensions = 6 }.WriteTo(folder);
        Assert.Equal(6, pool.Text(ModelFolder.Open(folder)).Dimensions);
        Assert.Equal(2, pool.Count);
    }

    public void Dispose() => _scratch.Dispose();

    private static void AssertError(string folder, ErrorKind kind, string code, string message)
    {
        OneRecException e = Assert.Throws<OneRecException>(() => TextEncoder.Open(ModelFolder.Open(folder)));
        Assert.Equal((kind, code, message), (e.Kind, e.Code, e.Message));
    }
}
