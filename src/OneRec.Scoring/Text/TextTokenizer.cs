using Microsoft.ML.Tokenizers;
using OneRec.Core;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Text;

/// <summary>Turns an item's text fields into the token ids of a model.</summary>
/// <remarks>
/// Safe to use from several threads. Needs Unicode normalization (ICU): without it accents would stay and ids differ in
/// silence, so such a process is refused.
/// </remarks>
public sealed class TextTokenizer
{
    private readonly BertTokenizer _bert;
    private readonly int _maxLength;

    private TextTokenizer(BertTokenizer bert, int maxLength)
    {
        _bert = bert;
        _maxLength = maxLength;
    }

    /// <summary>The tokenizer that a model's manifest describes.</summary>
    /// <exception cref="OneRecException">No vocabulary, one that is none, or no Unicode normalization here.</exception>
    public static TextTokenizer Open(ModelFolder model)
    {
        ModelManifest manifest = model.Manifest;
        string vocab = model.Existing(manifest.Tokenizer.Vocab);
        if (manifest.Tokenizer.StripAccents && "\u00E9".Normalize(System.Text.NormalizationForm.FormD).Length != 2)
        {
            throw OneRecException.Engine(
                "model.no-icu",
                $"{model.ManifestPath}: accents cannot be taken off, this process has no ICU; install libicu and leave "
                + "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT unset");
        }

        try
        {
            BertTokenizer bert = BertTokenizer.Create(vocab, new BertOptions
            {
                LowerCaseBeforeTokenization = manifest.Tokenizer.LowerCase,
                RemoveNonSpacingMarks = manifest.Tokenizer.StripAccents,
            });
            return new TextTokenizer(bert, manifest.MaxLength);
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or KeyNotFoundException)
        {
            throw OneRecException.Engine(
                "model.vocabulary", $"{vocab}: no WordPiece vocabulary ([CLS], [SEP], [UNK], a token a line)", e);
        }
    }

    /// <summary>
    /// The ids of <c>[CLS] field separator field ... [SEP]</c>. Fields are cut to their budgets, then the whole at its
    /// end to the model's length.
    /// </summary>
    /// <param name="parts">Fields in order; blank ones are left out, with their separator.</param>
    /// <param name="separator">Text between fields.</param>
    /// <returns>Ids, or none where every field is blank.</returns>
    public int[] Encode(IReadOnlyList<TextPart> parts, string separator)
    {
        var ids = new List<int>(64) { _bert.ClassificationTokenId };
        int limit = _maxLength - 1;
        bool any = false;
        foreach (TextPart part in parts)
        {
            if (string.IsNullOrWhiteSpace(part.Text))
            {
                continue;
            }

            if (any)
            {
                Append(ids, separator, limit - ids.Count);
            }

            any = true;
            Append(ids, part.Text, Math.Min(part.Budget ?? int.MaxValue, limit - ids.Count));
        }

        if (!any)
        {
            return [];
        }

        ids.Add(_bert.SeparatorTokenId);
        return [.. ids];
    }

    private void Append(List<int> ids, string text, int most)
    {
        if (most > 0)
        {
            ids.AddRange(_bert.EncodeToIds(text, most, addSpecialTokens: false, out _, out _));
        }
    }
}
