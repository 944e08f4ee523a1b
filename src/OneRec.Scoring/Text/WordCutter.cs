using OneRec.Core;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Text;

/// <summary>A kind of tokenizer: cuts a text into ids, and says which ids a text starts and ends with.</summary>
internal abstract class WordCutter
{
    /// <summary>The first id of every text; null for none.</summary>
    public int? StartId { get; protected init; }

    /// <summary>The last id of every text; null for none.</summary>
    public int? EndId { get; protected init; }

    /// <summary>The id of padding.</summary>
    public int PadId { get; protected init; }

    /// <summary>The tokenizer that a manifest describes.</summary>
    /// <exception cref="OneRecException">Engine error <c>model.vocabulary</c>, <c>model.no-file</c> or <c>model.no-icu</c>.</exception>
    public static WordCutter Open(ModelFolder model, TokenizerManifest manifest)
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
                TokenizerKind.WordPiece => WordPieceCutter.Open(model, manifest, vocab),
                TokenizerKind.Bpe => BpeCutter.Open(manifest, vocab, model.Existing(manifest.Merges!)),
                _ => SentencePieceCutter.Open(manifest, vocab),
            };
        }
        catch (Exception e) when (IsOfTheFile(e))
        {
            throw OneRecException.Engine("model.vocabulary", $"{vocab}: {Expected(manifest.Kind)}", e);
        }
    }

    /// <summary>Adds the ids of a text, at most so many.</summary>
    public void Append(List<int> ids, string text, int most)
    {
        if (most > 0)
        {
            Cut(ids, text, most);
        }
    }

    /// <summary>Adds the ids of a text.</summary>
    /// <param name="ids">Gets them.</param>
    /// <param name="text">Not blank.</param>
    /// <param name="most">At least 1.</param>
    protected abstract void Cut(List<int> ids, string text, int most);

    /// <summary>The id of a special token.</summary>
    /// <exception cref="OneRecException">Engine error <c>model.vocabulary</c>: it is not in the vocabulary.</exception>
    protected static int? IdOf(string? token, IReadOnlyDictionary<string, int> vocabulary, string path) => token is null
        ? null
        : vocabulary.TryGetValue(token, out int id)
            ? id
            : throw OneRecException.Engine("model.vocabulary", $"{path}: has no token '{token}', but the manifest's tokenizer names it");

    private static bool IsOfTheFile(Exception e) => e is ArgumentException or InvalidOperationException or KeyNotFoundException
        or System.Text.Json.JsonException or InvalidDataException or FormatException or IndexOutOfRangeException
        or NotSupportedException or EndOfStreamException or NullReferenceException
        || e.GetType().Name == "InvalidProtocolBufferException";

    private static string Expected(TokenizerKind kind) => kind switch
    {
        TokenizerKind.WordPiece => "no WordPiece vocabulary ([CLS], [SEP], [UNK], a token a line)",
        TokenizerKind.Bpe => "no BPE vocabulary (a JSON object of token to id, with merges of two tokens a line)",
        _ => "no SentencePiece model",
    };
}
