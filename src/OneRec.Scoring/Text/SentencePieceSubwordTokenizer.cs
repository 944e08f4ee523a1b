using System.Text;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Text.Pieces;

namespace OneRec.Scoring.Text;

/// <summary>A SentencePiece model, BPE or unigram.</summary>
/// <remarks>
/// Not by Microsoft.ML.Tokenizers 2.0.1, whose ids are not those of SentencePiece: BPE models lose texts of one character and
/// the model's normalization, byte fallback of unigram models gives the ids of other pieces, and unknown characters in a row
/// are as many ids.
/// </remarks>
internal sealed class SentencePieceSubwordTokenizer : SubwordTokenizer
{
    // fairseq's dictionary starts with <s>, <pad>, </s>, <unk>, while the file starts with <unk>, <s>, </s>.
    private static readonly Dictionary<string, int> FairseqIds = new(StringComparer.Ordinal)
    {
        ["<s>"] = 0,
        ["<pad>"] = 1,
        ["</s>"] = 2,
        ["<unk>"] = 3,
    };

    private readonly PieceEncoder _encoder;
    private readonly PieceNormalizer _normalizer;
    private readonly PieceList _pieces;
    private readonly int _shift;

    private SentencePieceSubwordTokenizer(PieceModel model, TokenizerManifest manifest, string vocab)
    {
        _pieces = model.Pieces;
        _normalizer = new PieceNormalizer(model.Normalization, _pieces);
        _encoder = model.IsBpe ? new BpePieces(_pieces) : new UnigramPieces(_pieces);
        _shift = manifest.Shift;
        IReadOnlyDictionary<string, int> named = _shift == 0 ? _pieces.Ids : FairseqIds;
        StartId = IdOf(manifest.Start, named, vocab);
        EndId = IdOf(manifest.End, named, vocab);
        PadId = named.TryGetValue("<pad>", out int pad) ? pad : 0;
    }

    public static SentencePieceSubwordTokenizer Open(TokenizerManifest manifest, string vocab) =>
        new(PieceModel.Read(File.ReadAllBytes(vocab)), manifest, vocab);

    protected override IEnumerable<string> Words(string text) => [text];

    protected override IReadOnlyList<int> IdsOf(string word)
    {
        byte[] normalized = _normalizer.Normalize(Encoding.UTF8.GetBytes(word));
        var ids = new List<int>();
        bool afterUnknown = false;
        foreach ((Range place, int id) in _encoder.Encode(normalized))
        {
            bool unknown = id == _pieces.UnknownId;
            if (unknown && _pieces.ByteIds is { } bytes)
            {
                foreach (byte value in normalized[place])
                {
                    ids.Add(Shifted(bytes[value]));
                }
            }
            else if (!(unknown && afterUnknown))
            {
                // Unknown characters in a row are one id.
                ids.Add(Shifted(id));
            }

            afterUnknown = unknown;
        }

        return ids;
    }

    private int Shifted(int id) => _shift == 0 ? id : id == _pieces.UnknownId ? FairseqIds["<unk>"] : id + _shift;
}
