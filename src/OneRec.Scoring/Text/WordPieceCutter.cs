using System.Text;
using Microsoft.ML.Tokenizers;
using OneRec.Core;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Text;

/// <summary>BERT's tokenizer.</summary>
internal sealed class WordPieceCutter : WordCutter
{
    private readonly BertTokenizer _bert;

    private WordPieceCutter(BertTokenizer bert)
    {
        _bert = bert;
        StartId = bert.ClassificationTokenId;
        EndId = bert.SeparatorTokenId;
        PadId = bert.PaddingTokenId;
    }

    /// <summary>Needs Unicode normalization (ICU): without it accents would stay and ids differ in silence.</summary>
    public static WordPieceCutter Open(ModelFolder model, TokenizerManifest manifest, string vocab)
    {
        if (manifest.StripAccents && "\u00E9".Normalize(NormalizationForm.FormD).Length != 2)
        {
            throw OneRecException.Engine(
                "model.no-icu",
                $"{model.ManifestPath}: accents cannot be taken off, this process has no ICU; install libicu and leave "
                + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT unset");
        }

        return new WordPieceCutter(BertTokenizer.Create(vocab, new BertOptions
        {
            LowerCaseBeforeTokenization = manifest.LowerCase,
            RemoveNonSpacingMarks = manifest.StripAccents,
        }));
    }

    protected override void Cut(List<int> ids, string text, int most) =>
        ids.AddRange(_bert.EncodeToIds(text, most, addSpecialTokens: false, out _, out _));
}
