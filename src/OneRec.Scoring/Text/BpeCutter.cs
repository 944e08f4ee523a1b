using Microsoft.ML.Tokenizers;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Text;

/// <summary>Byte-level BPE as of GPT-2 and RoBERTa: bytes as visible letters, words cut by their pattern.</summary>
internal sealed class BpeCutter : WordCutter
{
    private readonly BpeTokenizer _bpe;

    private BpeCutter(BpeTokenizer bpe, TokenizerManifest manifest, string vocab)
    {
        _bpe = bpe;
        IReadOnlyDictionary<string, int> vocabulary = bpe.Vocabulary;
        StartId = IdOf(manifest.Start, vocabulary, vocab);
        EndId = IdOf(manifest.End, vocabulary, vocab);
        PadId = vocabulary.TryGetValue("<pad>", out int pad) ? pad : EndId ?? 0;
    }

    public static BpeCutter Open(TokenizerManifest manifest, string vocab, string merges)
    {
        var options = new BpeOptions(vocab, merges)
        {
            ByteLevel = true,
            PreTokenizer = RobertaPreTokenizer.Instance,
        };
        return new BpeCutter(BpeTokenizer.Create(options), manifest, vocab);
    }

    protected override void Cut(List<int> ids, string text, int most) =>
        ids.AddRange(_bpe.EncodeToIds(text, most, out _, out _));
}
