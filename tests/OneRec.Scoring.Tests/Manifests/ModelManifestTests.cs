using OneRec.Core;
using OneRec.Scoring.Manifests;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Scoring.Tests.Manifests;

/// <summary>What a manifest may say, and the exact text of what is wrong with it.</summary>
public sealed class ModelManifestTests
{
    [Fact]
    public void The_shipped_manifest_reads()
    {
        var m = (TextManifest)ModelManifest.Read(Path.Combine(Desk.Root, "conf", "models", "all-minilm-l6-v2.json"));
        Assert.Equal("model-int8.onnx", m.Onnx);
        Assert.Equal(Quantization.Dynamic, m.Quantization);
        Assert.Equal((512, 384), (m.MaxLength, m.Dimensions));
        Assert.Equal(("input_ids", "attention_mask", null), (m.IdsInput, m.MaskInput, m.TypesInput));
        Assert.Equal(("sentence_embedding", "token_embeddings"), (m.PooledOutput, m.TokensOutput));
        Assert.Equal(new TokenizerManifest { Kind = TokenizerKind.WordPiece, Vocab = "vocab.txt" }, m.Tokenizer);
    }

    [Fact]
    public void Accents_go_with_case_unless_told_otherwise()
    {
        string cased = new TinyEncoder().Manifest()
            .Replace("\"vocab.txt\"", "\"vocab.txt\", \"lowerCase\": false", StringComparison.Ordinal);
        Assert.False(((TextManifest)ModelManifest.Parse(cased, "m")).Tokenizer.StripAccents);
        string kept = cased.Replace("\"lowerCase\": false", "\"stripAccents\": false", StringComparison.Ordinal);
        TokenizerManifest tokenizer = ((TextManifest)ModelManifest.Parse(kept, "m")).Tokenizer;
        Assert.True(tokenizer.LowerCase);
        Assert.False(tokenizer.StripAccents);
    }

    [Fact]
    public void Comments_and_key_order_do_not_count()
    {
        string plain = new TinyEncoder().Manifest();
        string other = "// a model\n" + plain
            .Replace("\"kind\": \"text\",\n", "", StringComparison.Ordinal)
            .Replace("\"maxLength\"", "\"kind\": \"text\", /* after */ \"maxLength\"", StringComparison.Ordinal);
        Assert.Equal(ModelManifest.Parse(plain, "a").Canonical, ModelManifest.Parse(other, "b").Canonical);
    }

    [Fact]
    public void Every_problem_is_told_at_once_with_its_key()
    {
        const string text = """
            {
              "kind": "text",
              "onnx": "../elsewhere/model.onnx",
              "quantization": "int4",
              "maxLength": 2,
              "dimensions": "384",
              "tokenizer": { "kind": "words", "vocap": "vocab.txt", "lowerCase": "yes" },
              "inputs": { "mask": 7 },
              "outputs": {},
              "extra": 1
            }
            """;
        AssertProblems(
            text,
            "m.json: extra is not a key of a manifest (known here: kind, onnx, data, quantization, dimensions, inputs, outputs, "
            + "maxLength, tokenizer); onnx must be a file inside the model folder "
            + "(got \"../elsewhere/model.onnx\"); quantization must be float or dynamic (got \"int4\"); maxLength must be 3 "
            + "to 100000 (got 2); dimensions must be 1 to 65536 (got \"384\"); tokenizer.kind must be wordpiece, bpe "
            + "or sentencepiece (got \"words\"); tokenizer.vocap is not a key of a manifest (known here: kind, vocab, lowerCase, "
            + "stripAccents); tokenizer.lowerCase must be true or false (got \"yes\"); tokenizer.vocab is missing; inputs.ids is missing; "
            + "inputs.mask must be a name (got 7); outputs must name pooled, tokens or both");
    }

    [Fact]
    public void An_image_manifest_tells_its_problems_too()
    {
        const string text = """
            {
              "kind": "image",
              "onnx": "m.onnx",
              "quantization": "float",
              "dimensions": 8,
              "tokenizer": {},
              "image": {
                "width": 0, "height": 8, "shorterSide": 7, "range": 100, "mean": [0, 0], "deviation": [1, 0, 1],
                "channels": "grey", "layout": "nchw"
              },
              "inputs": {},
              "outputs": { "pooled": "p" }
            }
            """;
        AssertProblems(
            text,
            "m.json: tokenizer is not a key of a manifest (known here: kind, onnx, data, quantization, dimensions, inputs, outputs, "
            + "image); image.width must be 1 to 4096 (got 0); image.shorterSide must be 8 to 8192 (got 7); image.range must be 1 "
            + "or 255 (got 100); image.mean must be 3 numbers (got [0,0]); image.deviation must be 3 numbers above 0 (got "
            + "[1,0,1]); image.channels must be rgb or bgr (got \"grey\"); inputs.pixels is missing");
    }

    [Fact]
    public void A_kind_that_is_none_is_refused() =>
        AssertProblems("{\"kind\": \"video\"}", "m.json: kind must be text, image or qformer (got \"video\")");

    [Fact]
    public void Missing_sections_are_told_without_their_keys() => AssertProblems(
        "{\"kind\": \"text\", \"onnx\": \"m.onnx\", \"quantization\": \"float\", \"maxLength\": 8, \"dimensions\": 4}",
        "m.json: tokenizer is missing; inputs is missing; outputs is missing");

    [Theory]
    [InlineData("[]", "m.json: must be a JSON object")]
    [InlineData("{\n \"kind\" \"text\" }", "m.json: line 2 is not valid JSON: '\"' is invalid after a property name")]
    public void A_text_that_is_no_object_is_refused(string text, string message) => AssertProblems(text, message);

    [Fact]
    public void A_repeated_key_is_refused()
    {
        OneRecException e = Assert.Throws<OneRecException>(
            () => ModelManifest.Parse("{\"kind\": \"text\", \"kind\": \"text\"}", "m.json"));
        Assert.StartsWith("m.json: line 1 is not valid JSON: Duplicate property", e.Message, StringComparison.Ordinal);
    }

    private static void AssertProblems(string text, string message)
    {
        OneRecException e = Assert.Throws<OneRecException>(() => ModelManifest.Parse(text, "m.json"));
        Assert.Equal((ErrorKind.Configuration, "model.manifest"), (e.Kind, e.Code));
        Assert.Equal(message, e.Message);
    }
}
