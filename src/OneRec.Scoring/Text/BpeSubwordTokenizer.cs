using System.Globalization;
using System.Text;
using Microsoft.ML.Tokenizers;
using OneRec.Core;
using OneRec.Scoring.Manifests;

namespace OneRec.Scoring.Text;

/// <summary>Byte-level BPE as in GPT-2 and RoBERTa: <see cref="Gpt2Words"/>, bytes as printable characters, merges within a word.</summary>
internal sealed class BpeSubwordTokenizer : SubwordTokenizer
{
    private readonly BpeTokenizer _bpe;

    private BpeSubwordTokenizer(BpeTokenizer bpe, TokenizerManifest manifest, string vocab)
    {
        _bpe = bpe;
        IReadOnlyDictionary<string, int> vocabulary = bpe.Vocabulary;
        StartId = IdOf(manifest.Start, vocabulary, vocab);
        EndId = IdOf(manifest.End, vocabulary, vocab);
        PadId = vocabulary.TryGetValue("<pad>", out int pad) ? pad : EndId ?? 0;
    }

    /// <summary>Requires all bytes in the vocabulary: the package drops a byte that is not there.</summary>
    public static BpeSubwordTokenizer Open(TokenizerManifest manifest, string vocab, string merges)
    {
        var tokenizer = new BpeSubwordTokenizer(
            BpeTokenizer.Create(new BpeOptions(vocab, merges) { ByteLevel = true }), manifest, vocab);
        int missing = Enumerable.Range(0, 256).FirstOrDefault(b => !tokenizer._bpe.Vocabulary.ContainsKey($"{Printable(b)}"), -1);
        return missing < 0 ? tokenizer : throw OneRecException.Engine(
            "model.vocabulary",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{vocab}: not a byte-level BPE vocabulary, because the byte 0x{missing:X2} ('{Printable(missing)}') has no token; "
                + $"give one with all 256 bytes, such as that of GPT-2 or RoBERTa"));
    }

    // Half a surrogate pair has no bytes in UTF-8; the package would make some up.
    protected override IEnumerable<string> Words(string text) => Gpt2Words.Of(
        text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) : text);

    protected override IReadOnlyList<int> IdsOf(string word) =>
        _bpe.EncodeToIds(word, considerPreTokenization: false, considerNormalization: false);

    /// <summary>The character that stands for a byte in GPT-2's vocabulary: itself if printable, else one from U+0100 on.</summary>
    private static char Printable(int value) => value switch
    {
        <= 0x20 => (char)(0x100 + value),
        < 0x7F => (char)value,
        <= 0xA0 => (char)(0x100 + 0x21 + value - 0x7F),
        0xAD => (char)(0x100 + 0x21 + 0x22),
        _ => (char)value,
    };
}
