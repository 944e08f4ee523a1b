using System.Text;
using Microsoft.ML.Tokenizers;
using OneRec.Core;
using OneRec.Scoring.Manifests;

namespace OneRec.Scoring.Text;

/// <summary>BERT's tokenizer: <see cref="BertWords"/>, then the longest piece of the vocabulary first.</summary>
/// <remarks>
/// The package cuts words into pieces, but does not find the words: its pre-tokenizer (<c>\w+|[\p{P}]</c>) drops every symbol
/// and joins words that only a line break or tab separates (dotnet/machinelearning#7724, #7725).
/// </remarks>
internal sealed class WordPieceSubwordTokenizer : SubwordTokenizer
{
    /// <summary>Characters (code points) of the longest word; a longer one is unknown, as in BERT.</summary>
    private const int LongestWord = 100;

    private readonly BertTokenizer _bert;
    private readonly BertWords _words;

    private WordPieceSubwordTokenizer(BertTokenizer bert, BertWords words)
    {
        _bert = bert;
        _words = words;
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

        // The package counts UTF-16 units, of which a character has one or two.
        BertTokenizer bert = BertTokenizer.Create(vocab, new BertOptions { MaxInputCharsPerWord = 2 * LongestWord });
        return new WordPieceSubwordTokenizer(bert, new BertWords(manifest.LowerCase, manifest.StripAccents));
    }

    protected override IEnumerable<string> Words(string text) => _words.Of(text);

    protected override IReadOnlyList<int> IdsOf(string word) => word.Length > LongestWord && word.EnumerateRunes().Count() > LongestWord
        ? [_bert.UnknownTokenId]
        : _bert.EncodeToIds(word, addSpecialTokens: false, considerPreTokenization: false, considerNormalization: false);
}
