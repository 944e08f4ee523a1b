using System.Text;
using Microsoft.ML.Tokenizers;
using OneRec.Core;
using OneRec.Scoring.Manifests;

namespace OneRec.Scoring.Text;

/// <summary>A kind of tokenizer: converts text to ids, and knows the ids at the start and end of a text.</summary>
internal abstract class SubwordTokenizer
{
    /// <summary>The first id of every text; null for none.</summary>
    public int? StartId { get; protected init; }

    /// <summary>The last id of every text; null for none.</summary>
    public int? EndId { get; protected init; }

    /// <summary>The id used for padding.</summary>
    public int PadId { get; protected init; }

    /// <summary>Opens the tokenizer that a manifest describes.</summary>
    /// <exception cref="OneRecException">Engine error <c>model.vocabulary</c>, <c>model.no-file</c> or <c>model.no-icu</c>.</exception>
    public static SubwordTokenizer Open(IModelFiles model, TokenizerManifest manifest)
    {
        foreach (string file in manifest.Files)
        {
            model.Existing(file);
        }

        string vocab = model.Existing(manifest.Vocab);
        try
        {
            return manifest.Kind switch
            {
                TokenizerKind.WordPiece => WordPieceSubwordTokenizer.Open(model, manifest, vocab),
                TokenizerKind.Bpe => BpeSubwordTokenizer.Open(manifest, vocab, model.Existing(manifest.Merges!)),
                _ => SentencePieceSubwordTokenizer.Open(manifest, vocab),
            };
        }
        catch (Exception e) when (IsOfTheFile(e))
        {
            throw OneRecException.Engine("model.vocabulary", $"{vocab}: not {Expected(manifest.Kind)}; correct the manifest's tokenizer", e);
        }
    }

    /// <summary>Appends the ids of a text, up to a maximum.</summary>
    public void Append(List<int> ids, string text, int max)
    {
        if (max > 0)
        {
            AppendIds(ids, text, max);
        }
    }

    /// <summary>Appends the ids of a text.</summary>
    /// <param name="ids">The list to append to.</param>
    /// <param name="text">Not blank.</param>
    /// <param name="max">Maximum ids to append, at least 1.</param>
    protected abstract void AppendIds(List<int> ids, string text, int max);

    /// <summary>The id of a special token.</summary>
    /// <exception cref="OneRecException">Engine error <c>model.vocabulary</c>: the token is not in the vocabulary.</exception>
    protected static int? IdOf(string? token, IReadOnlyDictionary<string, int> vocabulary, string path) => token is null
        ? null
        : vocabulary.TryGetValue(token, out int id)
            ? id
            : throw OneRecException.Engine(
                "model.vocabulary", $"{path}: the vocabulary has no token '{token}', which the manifest's tokenizer names; correct the manifest");

    private static bool IsOfTheFile(Exception e) => e is ArgumentException or InvalidOperationException or KeyNotFoundException
        or System.Text.Json.JsonException or InvalidDataException or FormatException or IndexOutOfRangeException
        or NotSupportedException or EndOfStreamException or NullReferenceException
        || e.GetType().Name == "InvalidProtocolBufferException";

    private static string Expected(TokenizerKind kind) => kind switch
    {
        TokenizerKind.WordPiece => "a WordPiece vocabulary ([CLS], [SEP], [UNK], one token per line)",
        TokenizerKind.Bpe => "a BPE vocabulary (a JSON object from token to id, with merges of two tokens per line)",
        _ => "a SentencePiece model",
    };
}

/// <summary>Byte-level BPE as in GPT-2 and RoBERTa: bytes are mapped to printable characters, text is split by GPT-2's pattern.</summary>
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

    public static BpeSubwordTokenizer Open(TokenizerManifest manifest, string vocab, string merges)
    {
        var options = new BpeOptions(vocab, merges)
        {
            ByteLevel = true,
            PreTokenizer = RobertaPreTokenizer.Instance,
        };
        return new BpeSubwordTokenizer(BpeTokenizer.Create(options), manifest, vocab);
    }

    protected override void AppendIds(List<int> ids, string text, int max) =>
        ids.AddRange(_bpe.EncodeToIds(text, max, out _, out _));
}

/// <summary>A SentencePiece model, BPE or unigram.</summary>
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

    private readonly SentencePieceTokenizer _pieces;
    private readonly int _shift;

    private SentencePieceSubwordTokenizer(SentencePieceTokenizer pieces, TokenizerManifest manifest, string vocab)
    {
        _pieces = pieces;
        _shift = manifest.Shift;
        IReadOnlyDictionary<string, int> named = _shift == 0 ? pieces.Vocabulary : FairseqIds;
        StartId = IdOf(manifest.Start, named, vocab);
        EndId = IdOf(manifest.End, named, vocab);
        PadId = named.TryGetValue("<pad>", out int pad) ? pad : 0;
    }

    public static SentencePieceSubwordTokenizer Open(TokenizerManifest manifest, string vocab)
    {
        using FileStream file = File.OpenRead(vocab);
        return new SentencePieceSubwordTokenizer(
            SentencePieceTokenizer.Create(file, addBeginningOfSentence: false, addEndOfSentence: false), manifest, vocab);
    }

    protected override void AppendIds(List<int> ids, string text, int max)
    {
        IReadOnlyList<int> cut = _pieces.EncodeToIds(
            text, addBeginningOfSentence: false, addEndOfSentence: false, max, out _, out _);
        foreach (int id in cut)
        {
            ids.Add(_shift == 0 ? id : id == _pieces.UnknownId ? FairseqIds["<unk>"] : id + _shift);
        }
    }
}

/// <summary>BERT's tokenizer.</summary>
internal sealed class WordPieceSubwordTokenizer : SubwordTokenizer
{
    private readonly BertTokenizer _bert;

    private WordPieceSubwordTokenizer(BertTokenizer bert)
    {
        _bert = bert;
        StartId = bert.ClassificationTokenId;
        EndId = bert.SeparatorTokenId;
        PadId = bert.PaddingTokenId;
    }

    /// <summary>Requires Unicode normalization (ICU); without it accents would stay, and ids would silently differ.</summary>
    public static WordPieceSubwordTokenizer Open(IModelFiles model, TokenizerManifest manifest, string vocab)
    {
        if (manifest.StripAccents && "\u00E9".Normalize(NormalizationForm.FormD).Length != 2)
        {
            throw OneRecException.Engine(
                "model.no-icu",
                $"{model.ManifestPath}: cannot strip accents because this process has no ICU; install libicu and leave "
                + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT unset");
        }

        return new WordPieceSubwordTokenizer(BertTokenizer.Create(vocab, new BertOptions
        {
            LowerCaseBeforeTokenization = manifest.LowerCase,
            RemoveNonSpacingMarks = manifest.StripAccents,
        }));
    }

    protected override void AppendIds(List<int> ids, string text, int max) =>
        ids.AddRange(_bert.EncodeToIds(text, max, addSpecialTokens: false, out _, out _));
}
