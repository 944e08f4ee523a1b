using Microsoft.ML.Tokenizers;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Text;

/// <summary>A SentencePiece model, BPE or unigram.</summary>
internal sealed class SentencePieceCutter : WordCutter
{
    // fairseq's dictionary puts <s>, <pad>, </s>, <unk> in front of the pieces, whose file has <unk>, <s>, </s> there.
    private static readonly Dictionary<string, int> FairseqIds = new(StringComparer.Ordinal)
    {
        ["<s>"] = 0,
        ["<pad>"] = 1,
        ["</s>"] = 2,
        ["<unk>"] = 3,
    };

    private readonly SentencePieceTokenizer _pieces;
    private readonly int _shift;

    private SentencePieceCutter(SentencePieceTokenizer pieces, TokenizerManifest manifest, string vocab)
    {
        _pieces = pieces;
        _shift = manifest.Shift;
        IReadOnlyDictionary<string, int> named = _shift == 0 ? pieces.Vocabulary : FairseqIds;
        StartId = IdOf(manifest.Start, named, vocab);
        EndId = IdOf(manifest.End, named, vocab);
        PadId = named.TryGetValue("<pad>", out int pad) ? pad : 0;
    }

    public static SentencePieceCutter Open(TokenizerManifest manifest, string vocab)
    {
        using FileStream file = File.OpenRead(vocab);
        return new SentencePieceCutter(
            SentencePieceTokenizer.Create(file, addBeginningOfSentence: false, addEndOfSentence: false), manifest, vocab);
    }

    protected override void Cut(List<int> ids, string text, int most)
    {
        IReadOnlyList<int> cut = _pieces.EncodeToIds(
            text, addBeginningOfSentence: false, addEndOfSentence: false, most, out _, out _);
        foreach (int id in cut)
        {
            ids.Add(_shift == 0 ? id : id == _pieces.UnknownId ? FairseqIds["<unk>"] : id + _shift);
        }
    }
}
