using System.Globalization;
using System.Text.Json;
using OneRec.Core;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Models;
using OneRec.Scoring.Text;
using OneRec.Testing;

namespace OneRec.Scoring.Tests.Text;

/// <summary>Ids are those of BERT, GPT-2 and SentencePiece: <c>tests/cases/tokens</c>, made by its <c>make.py</c>.</summary>
public sealed class TokenIdsTests : IDisposable
{
    private const string Bert = """{ "kind": "wordpiece", "vocab": "bert-vocab.txt" }""";
    private const string Gpt2 = """{ "kind": "bpe", "vocab": "gpt2-vocab.json", "merges": "gpt2-merges.txt" }""";

    private static readonly string Cases = Path.Combine(Desk.Root, "tests", "cases", "tokens");

    private readonly ScratchFolder _scratch = new();

    [Theory]
    [InlineData("uncased", "true")]
    [InlineData("cased", "false")]
    public void WordPiece_gives_the_ids_of_bert(string kind, string lowerCase)
    {
        TextTokenizer tokenizer = Open($$"""{ "kind": "wordpiece", "vocab": "bert-vocab.txt", "lowerCase": {{lowerCase}} }""");
        AssertIds(Lines("bert.tsv").Where(l => l[0] == kind), text => WithinSpecial(tokenizer.Encode([new TextPart(text)], " ")));
    }

    [Fact]
    public void WordPiece_gives_the_ids_of_bert_with_the_vocabulary_of_MiniLm()
    {
        ModelFolder model = MiniLmTests.Model();
        TextTokenizer tokenizer = TextTokenizer.Open(model, (TextManifest)model.Manifest);
        AssertIds(Lines("bert-minilm.tsv"), text => WithinSpecial(tokenizer.Encode([new TextPart(text)], " ")));
    }

    [Fact]
    public void Bpe_gives_the_ids_of_gpt2()
    {
        TextTokenizer tokenizer = Open(Gpt2);
        AssertIds(Lines("gpt2.tsv").Select(l => new[] { "", l[0], l[1] }), text => tokenizer.Encode([new TextPart(text)], " "));
    }

    [Theory]
    [InlineData("unigram")]
    [InlineData("unigram-bytes")]
    [InlineData("unigram-suffix")]
    [InlineData("bpe")]
    [InlineData("bpe-bytes")]
    [InlineData("bpe-no-prefix")]
    public void SentencePiece_gives_the_ids_of_the_library(string name)
    {
        TextTokenizer tokenizer = Open(SentencePiece(name));
        AssertIds(Lines("sentencepiece.tsv").Where(l => l[0] == name), text => tokenizer.Encode([new TextPart(text)], " "));
    }

    [Fact]
    public void Texts_that_differ_in_a_symbol_or_a_line_break_only_have_other_ids()
    {
        TextTokenizer tokenizer = Open(Bert);
        string[] texts = ["C", "C++", "C#", "red fox", "red\nfox crow", "redfox", "red \u00B0", "red", "a=b", "a b", "$5", "5"];
        Assert.Equal(
            texts.Length,
            texts.Select(t => string.Join(' ', tokenizer.Encode([new TextPart(t)], " "))).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(Bert)]
    [InlineData(Gpt2)]
    [InlineData("""{ "kind": "sentencepiece", "vocab": "sentencepiece-bpe-bytes.model" }""")]
    [InlineData("""{ "kind": "sentencepiece", "vocab": "sentencepiece-unigram.model" }""")]
    public void Half_a_surrogate_pair_is_read_as_the_replacement_character(string tokenizer)
    {
        TextTokenizer opened = Open(tokenizer);
        foreach (string half in new[] { "\uD83D", "\uDE00" })
        {
            foreach (string text in new[] { "red{0}fox", "{0}fox", "red{0}", "red {0} fox" })
            {
                Assert.Equal(
                    opened.Encode([new TextPart(string.Format(CultureInfo.InvariantCulture, text, '\uFFFD'))], " "),
                    opened.Encode([new TextPart(string.Format(CultureInfo.InvariantCulture, text, half))], " "));
            }
        }
    }

    [Theory]
    [InlineData(Bert)]
    [InlineData(Gpt2)]
    [InlineData("""{ "kind": "sentencepiece", "vocab": "sentencepiece-unigram.model" }""")]
    public void A_budget_keeps_the_first_ids_also_of_a_word_that_it_cuts(string tokenizer)
    {
        const string Text = "redfox $5 abcabcabc 20\u00B0 \U0001F600\u65E5 crow";
        TextTokenizer opened = Open(tokenizer);
        int[] all = Ids(null);
        Assert.True(all.Length > 10);
        for (int budget = 1; budget <= all.Length + 1; budget++)
        {
            Assert.Equal(all.Take(budget), Ids(budget));
        }

        int[] Ids(int? budget)
        {
            int[] ids = opened.Encode([new TextPart(Text, budget)], " ");
            return tokenizer == Bert ? WithinSpecial(ids) : ids;
        }
    }

    [Fact]
    public void A_field_of_which_the_model_sees_nothing_is_blank()
    {
        TextTokenizer tokenizer = Open(Bert);
        TextPart unseen = new("\u200B\u0001\uFFFD");
        Assert.Empty(tokenizer.Encode([unseen], ", "));
        Assert.Equal(
            tokenizer.Encode([new TextPart("red"), new TextPart("fox")], ", "),
            tokenizer.Encode([unseen, new TextPart("red"), unseen, new TextPart("fox"), unseen], ", "));
    }

    [Fact]
    public void A_byte_level_vocabulary_without_a_byte_is_refused()
    {
        string text = File.ReadAllText(Path.Combine(Cases, "gpt2-vocab.json")).Replace("\"\\u00ff\":", "\"y\u0308\":", StringComparison.Ordinal);
        OneRecException e = Assert.Throws<OneRecException>(() => Open(Gpt2, ("gpt2-vocab.json", text)));
        Assert.Equal((ErrorKind.Engine, "model.vocabulary"), (e.Kind, e.Code));
        Assert.Equal(
            $"{_scratch["m"]}/gpt2-vocab.json: not a byte-level BPE vocabulary, because the byte 0xFF ('\u00FF') has no token; give one "
            + "with all 256 bytes, such as that of GPT-2 or RoBERTa",
            e.Message);
    }

    [Fact]
    public void A_cut_off_sentencepiece_model_is_refused()
    {
        byte[] whole = File.ReadAllBytes(Path.Combine(Cases, "sentencepiece-unigram.model"));
        foreach (int length in new[] { 0, 1, 10, whole.Length / 2, whole.Length - 1 })
        {
            string folder = Folder(SentencePiece("unigram"));
            File.WriteAllBytes(Path.Combine(folder, "sentencepiece-unigram.model"), whole[..length]);
            OneRecException e = Assert.Throws<OneRecException>(() => OpenFolder(folder));
            Assert.Equal("model.vocabulary", e.Code);
        }
    }

    public void Dispose() => _scratch.Dispose();

    private static string SentencePiece(string name) => $$"""{ "kind": "sentencepiece", "vocab": "sentencepiece-{{name}}.model" }""";

    private static IEnumerable<string[]> Lines(string file) =>
        File.ReadAllText(Path.Combine(Cases, file)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t'));

    /// <summary>Compares every line; a blank text has no ids, because blank fields are left out.</summary>
    private static void AssertIds(IEnumerable<string[]> lines, Func<string, int[]> encode)
    {
        int count = 0;
        foreach (string[] line in lines)
        {
            string text = JsonSerializer.Deserialize<string>(line[1])!;
            string expected = string.IsNullOrWhiteSpace(text) ? "" : line[2];
            Assert.Equal($"{line[1]} {expected}", $"{line[1]} {string.Join(' ', encode(text))}");
            count++;
        }

        Assert.True(count > 100);
    }

    private static int[] WithinSpecial(int[] ids) => ids.Length == 0 ? [] : ids[1..^1];


    private TextTokenizer Open(string tokenizer, params (string Name, string Text)[] files)
    {
        string folder = Folder(tokenizer);
        foreach ((string name, string text) in files)
        {
            File.WriteAllText(Path.Combine(folder, name), text);
        }

        return OpenFolder(folder);
    }

    private static TextTokenizer OpenFolder(string folder)
    {
        ModelFolder model = ModelFolder.Open(folder);
        return TextTokenizer.Open(model, (TextManifest)model.Manifest);
    }

    /// <summary>A model folder with the vocabularies, and no model.</summary>
    private string Folder(string tokenizer)
    {
        string folder = Directory.CreateDirectory(_scratch["m"]).FullName;
        foreach (string file in Directory.EnumerateFiles(Cases))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)), overwrite: true);
        }

        File.WriteAllText(Path.Combine(folder, "model.onnx"), "");
        File.WriteAllText(
            Path.Combine(folder, "manifest.json"),
            $$"""
            {
              "kind": "text", "onnx": "model.onnx", "quantization": "float", "maxLength": 10000, "dimensions": 4,
              "tokenizer": {{tokenizer}}, "inputs": { "ids": "ids" }, "outputs": { "pooled": "vector" }
            }
            """);
        return folder;
    }
}
