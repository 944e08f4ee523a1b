using OneRec.Core;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Text;

/// <summary>Turns an item's text fields into the token ids of a model.</summary>
/// <remarks>Safe to use from several threads.</remarks>
public sealed class TextTokenizer
{
    private readonly WordCutter _cutter;
    private readonly int _maxLength;

    private TextTokenizer(WordCutter cutter, int maxLength)
    {
        _cutter = cutter;
        _maxLength = maxLength;
    }

    /// <summary>What rows are filled up with; a model that takes padding ignores it by its mask.</summary>
    public int PadId => _cutter.PadId;

    /// <summary>The tokenizer that a model's manifest describes.</summary>
    /// <exception cref="OneRecException">
    /// Engine error <c>model.vocabulary</c>: no vocabulary, or one that is none; <c>model.no-icu</c>: no Unicode normalization here.
    /// </exception>
    public static TextTokenizer Open(ModelFolder model, TextManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(manifest);
        return new TextTokenizer(WordCutter.Open(model, manifest.Tokenizer), manifest.MaxLength);
    }

    /// <summary>
    /// The ids of <c>start field separator field ... end</c>, such as <c>[CLS] ... [SEP]</c>. Fields are cut to their budgets,
    /// then the whole at its end to the model's length. Each field is tokenised by itself.
    /// </summary>
    /// <param name="parts">Fields in order; blank ones are left out, with their separator.</param>
    /// <param name="separator">Text between fields.</param>
    /// <returns>Ids, or none where every field is blank.</returns>
    public int[] Encode(IReadOnlyList<TextPart> parts, string separator)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var ids = new List<int>(64);
        if (_cutter.StartId is { } start)
        {
            ids.Add(start);
        }

        int limit = _maxLength - (_cutter.EndId is null ? 0 : 1);
        bool any = false;
        foreach (TextPart part in parts)
        {
            if (string.IsNullOrWhiteSpace(part.Text))
            {
                continue;
            }

            if (any)
            {
                _cutter.Append(ids, separator, limit - ids.Count);
            }

            any = true;
            _cutter.Append(ids, part.Text, Math.Min(part.Budget ?? int.MaxValue, limit - ids.Count));
        }

        if (!any)
        {
            return [];
        }

        if (_cutter.EndId is { } end)
        {
            ids.Add(end);
        }

        return [.. ids];
    }
}
