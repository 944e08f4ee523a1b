using OneRec.Core;
using OneRec.Scoring.Manifests;

namespace OneRec.Scoring.Text;

/// <summary>Converts an item's text fields to the token ids of a model.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class TextTokenizer
{
    /// <summary>Version of all tokenizers; raised whenever a text gives other ids than before.</summary>
    /// <value>2: BERT's own words, GPT-2's words over code points, and our own SentencePiece.</value>
    public const int Version = 2;

    private readonly SubwordTokenizer _subwords;
    private readonly int _maxLength;

    private TextTokenizer(SubwordTokenizer subwords, int maxLength)
    {
        _subwords = subwords;
        _maxLength = maxLength;
    }

    /// <summary>The id used for padding; a model that allows padding ignores it through its mask.</summary>
    public int PadId => _subwords.PadId;

    /// <summary>Opens the tokenizer that a model's manifest describes.</summary>
    /// <exception cref="OneRecException">
    /// Engine error <c>model.vocabulary</c>: a missing or invalid vocabulary; <c>model.no-icu</c>: no Unicode normalization.
    /// </exception>
    public static TextTokenizer Open(IModelFiles model, TextManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(manifest);
        return new TextTokenizer(SubwordTokenizer.Open(model, manifest.Tokenizer), manifest.MaxLength);
    }

    /// <summary>Ids of <see cref="Encode"/> without those that start and end a text.</summary>
    public int[] Inner(int[] ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        int from = ids.Length > 0 && ids[0] == _subwords.StartId ? 1 : 0;
        int to = ids.Length > from && ids[^1] == _subwords.EndId ? ids.Length - 1 : ids.Length;
        return ids[from..to];
    }

    /// <summary>
    /// The ids of <c>start field separator field ... end</c>, such as <c>[CLS] ... [SEP]</c>. Fields are truncated to their
    /// budgets, then the whole is truncated at the end to the model's length. Each field is tokenized separately.
    /// </summary>
    /// <param name="parts">The fields in order; blank ones, and those of which the model sees nothing, are skipped with their separator.</param>
    /// <param name="separator">The text between fields.</param>
    /// <returns>The ids; empty if every field is blank.</returns>
    public int[] Encode(IReadOnlyList<TextPart> parts, string separator)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var ids = new List<int>(64);
        if (_subwords.StartId is { } start)
        {
            ids.Add(start);
        }

        int limit = _maxLength - (_subwords.EndId is null ? 0 : 1);
        bool any = false;
        foreach (TextPart part in parts)
        {
            if (string.IsNullOrWhiteSpace(part.Text))
            {
                continue;
            }

            int before = ids.Count;
            if (any)
            {
                _subwords.Append(ids, separator, limit - ids.Count);
            }

            int first = ids.Count;
            _subwords.Append(ids, part.Text, Math.Min(part.Budget ?? int.MaxValue, limit - first));
            if (ids.Count == first && first < limit)
            {
                // Nothing that the model sees, such as control characters: blank.
                ids.RemoveRange(before, first - before);
                continue;
            }

            any = true;
        }

        if (!any)
        {
            return [];
        }

        if (_subwords.EndId is { } end)
        {
            ids.Add(end);
        }

        return [.. ids];
    }
}

/// <summary>The text of a field and its maximum tokens.</summary>
/// <param name="Text">The text.</param>
/// <param name="Budget">Maximum tokens; null for as many as the model allows.</param>
public readonly record struct TextPart(string Text, int? Budget = null);
