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
    /// <param name="ids">The list to append to.</param>
    /// <param name="text">Not blank.</param>
    /// <param name="max">Maximum ids to append: the first ones of the text, also of a word that is cut by it.</param>
    public void Append(List<int> ids, string text, int max)
    {
        long end = (long)ids.Count + Math.Max(max, 0);
        foreach (string word in ids.Count < end ? Words(text) : [])
        {
            ids.AddRange(IdsOf(word));
            if (ids.Count >= end)
            {
                ids.RemoveRange((int)end, ids.Count - (int)end);
                break;
            }
        }
    }

    /// <summary>The parts of a text that the model tokenizes one by one, in order.</summary>
    protected abstract IEnumerable<string> Words(string text);

    /// <summary>The ids of one of the <see cref="Words"/>.</summary>
    protected abstract IReadOnlyList<int> IdsOf(string word);

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
