using System.Text.Json;
using CsCheck;
using OneRec.Core;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Models;
using OneRec.Scoring.Text;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Scoring.Tests.Text;

/// <summary>BPE and SentencePiece beside slow definitions of both.</summary>
public sealed class TokenizerTests : IDisposable
{
    private const char Space = '\u0120';
    private static readonly Gen<string> Texts = Gen.OneOf(Gen.Char['a', 'd'], Gen.Const(' ')).Array[1, 13]
        .Select(c => string.Join(' ', new string(c).Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        .Where(t => t.Length > 0 && t.Length <= 13);

    // GPT-2's characters for the 256 bytes: themselves if printable, else those from U+0100 on.
    private static readonly string[] Bytes =
    [
        .. Enumerable.Range(0x21, 0x5E).Concat(Enumerable.Range(0xA1, 0x0C)).Concat(Enumerable.Range(0xAE, 0x52)).Concat(Enumerable.Range(0x100, 68))
            .Select(c => $"{(char)c}"),
    ];

    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void Bpe_merges_the_pair_of_lowest_rank_first()
    {
        string[] merges = ["a b", $"{Space} a", "ab c", $"{Space}a b", "d d", $"{Space} d", "c a", "b c"];
        string[] tokens =
        [
            "<s>", "<pad>", "</s>", .. Bytes, .. merges.Select(m => m.Replace(" ", "", StringComparison.Ordinal)),
        ];
        TextTokenizer tokenizer = Open(
            """{ "kind": "bpe", "vocab": "vocab.json", "merges": "merges.txt", "start": "<s>", "end": "</s>" }""",
            ("vocab.json", JsonSerializer.Serialize(tokens.Select((t, i) => (t, i)).ToDictionary(p => p.t, p => p.i))),
            ("merges.txt", "#version: 0.2\n" + string.Join('\n', merges) + "\n"));
        Assert.Equal(1, tokenizer.PadId);
        Texts.Sample(
            text => Assert.Equal(
                ["<s>", .. Bpe(text, merges), "</s>"],
                tokenizer.Encode([new TextPart(text)], " ").Select(id => tokens[id])),
            iter: 500);
    }

    [Fact]
    public void SentencePiece_takes_the_likeliest_pieces()
    {
        var draws = new SplitMix64(9);
        string[] pieces = ["\u2581", "a", "b", "c", "d", "\u2581a", "ab", "abc", "\u2581d", "dd", "ca", "bcd", "\u2581ab", "cab"];
        (string Piece, float Score)[] scored = [.. pieces.Select(p => (p, -(1 + draws.NextBelow(9000) / 1000f)))];
        string model = Convert.ToBase64String(TinySentencePiece.Model(scored));
        TextTokenizer plain = Open("""{ "kind": "sentencepiece", "vocab": "sp.model", "start": "<s>", "end": "</s>" }""", ("sp.model", model));
        TextTokenizer shifted = Open(
            """{ "kind": "sentencepiece", "vocab": "sp.model", "start": "<s>", "end": "</s>", "shift": 1 }""", ("sp.model", model));
        Texts.Sample(
            text =>
            {
                string[] expected = Likeliest("\u2581" + text.Replace(' ', '\u2581'), scored);
                int[] ids = plain.Encode([new TextPart(text)], " ");
                Assert.Equal((1, 2), (ids[0], ids[^1]));
                Assert.Equal(expected, ids[1..^1].Select(id => pieces[id - 3]));
                Assert.Equal([0, .. ids[1..^1].Select(id => id + 1), 2], shifted.Encode([new TextPart(text)], " "));
            },
            iter: 300);

        // Of fairseq's dictionary <unk> is 3, of the file 0.
        Assert.Contains(3, shifted.Encode([new TextPart("a\u00DFa")], " "));
        Assert.Contains(0, plain.Encode([new TextPart("a\u00DFa")], " "));
    }

    [Fact]
    public void A_budget_and_the_models_length_count_their_tokens()
    {
        (string, float)[] pieces = [("\u2581", -1), ("a", -1)];
        TextTokenizer tokenizer = Open(
            """{ "kind": "sentencepiece", "vocab": "sp.model", "start": "<s>", "end": "</s>" }""",
            ("sp.model", Convert.ToBase64String(TinySentencePiece.Model(pieces))));
        int[] ids = tokenizer.Encode([new TextPart("aaaaaaaa", 3), new TextPart(new string('a', 100))], "a");
        Assert.Equal([1, 3, 4, 4, 3, 4, 3, 4], ids[..8]);
        Assert.Equal((16, 2), (ids.Length, ids[^1]));
    }

    [Theory]
    [InlineData("""{ "kind": "bpe", "vocab": "v", "merges": "m" }""", "no json", "a b", "not a BPE vocabulary (a JSON object from token to id, with merges of two tokens per line); correct the manifest's tokenizer")]
    [InlineData("""{ "kind": "sentencepiece", "vocab": "v" }""", "no model", "", "not a SentencePiece model; correct the manifest's tokenizer")]
    [InlineData("""{ "kind": "bpe", "vocab": "v", "merges": "m", "start": "<x>" }""", "{\"a\": 0, \"b\": 1, \"ab\": 2}", "a b", "the vocabulary has no token '<x>', which the manifest's tokenizer names; correct the manifest")]
    public void A_file_that_is_none_is_refused_in_one_line(string tokenizer, string vocab, string merges, string problem)
    {
        OneRecException e = Assert.Throws<OneRecException>(() => Open(tokenizer, ("v", vocab), ("m", merges)));
        Assert.Equal((ErrorKind.Engine, "model.vocabulary"), (e.Kind, e.Code));
        Assert.Equal($"{_scratch["m"]}/v: {problem}", e.Message);
    }

    public void Dispose() => _scratch.Dispose();

    private TextTokenizer Open(string tokenizer, params (string Name, string Text)[] files)
    {
        string folder = new TinyEncoder().WriteTo(_scratch["m"]);
        string manifest = File.ReadAllText(Path.Combine(folder, "manifest.json"));
        File.WriteAllText(
            Path.Combine(folder, "manifest.json"),
            manifest.Replace("""{ "kind": "wordpiece", "vocab": "vocab.txt" }""", tokenizer, StringComparison.Ordinal));
        foreach ((string name, string text) in files)
        {
            byte[] bytes = name == "sp.model" ? Convert.FromBase64String(text) : System.Text.Encoding.UTF8.GetBytes(text);
            File.WriteAllBytes(Path.Combine(folder, name), bytes);
        }

        ModelFolder model = ModelFolder.Open(folder);
        return TextTokenizer.Open(model, (TextManifest)model.Manifest);
    }

    // Sennrich et al. (2016), as GPT-2 has it: words keep the space before them; within a word the adjacent pair of lowest
    // rank is merged wherever it stands, from the left, until none is in the list.
    private static IEnumerable<string> Bpe(string text, string[] merges)
    {
        string[] words = text.Split(' ');
        for (int w = 0; w < words.Length; w++)
        {
            List<string> parts = [.. ((w == 0 ? "" : $"{Space}") + words[w]).Select(c => $"{c}")];
            while (true)
            {
                int best = Enumerable.Range(0, parts.Count - 1)
                    .Select(i => System.Array.IndexOf(merges, $"{parts[i]} {parts[i + 1]}"))
                    .Where(rank => rank >= 0)
                    .DefaultIfEmpty(-1)
                    .Min();
                if (best < 0)
                {
                    break;
                }

                for (int i = 0; i + 1 < parts.Count; i++)
                {
                    if ($"{parts[i]} {parts[i + 1]}" == merges[best])
                    {
                        parts[i] += parts[i + 1];
                        parts.RemoveAt(i + 1);
                    }
                }
            }

            foreach (string part in parts)
            {
                yield return part;
            }
        }
    }

    // Kudo (2018): of all ways to cut a text into pieces the one of the greatest sum of log probabilities.
    private static string[] Likeliest(string text, (string Piece, float Score)[] pieces)
    {
        var best = new (double Score, string[] Cut)[text.Length + 1];
        best[0] = (0, []);
        for (int end = 1; end <= text.Length; end++)
        {
            best[end] = (double.NegativeInfinity, []);
            foreach ((string piece, float score) in pieces)
            {
                int start = end - piece.Length;
                if (start >= 0 && text.AsSpan(start, piece.Length).SequenceEqual(piece) && best[start].Score + score > best[end].Score)
                {
                    best[end] = (best[start].Score + score, [.. best[start].Cut, piece]);
                }
            }
        }

        return best[text.Length].Cut;
    }
}
