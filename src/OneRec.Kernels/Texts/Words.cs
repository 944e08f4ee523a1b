using System.Globalization;
using System.Text;

namespace OneRec.Kernels.Texts;

/// <summary>Splits texts into words, for any script and without a list of words of any language.</summary>
/// <remarks>
/// A word is a run of letters, digits and marks, with apostrophes inside, in NFKC and lower case. Scripts that put no spaces between
/// words (Han, Hiragana, Katakana, Thai, Lao, Khmer, Burmese) give the pairs of neighbouring characters; a single one stands alone.
/// Words of more than 64 characters are no words of a language and are left out.
/// </remarks>
public static class Words
{
    private const int LongestWord = 64;

    // What a description says later does not name it; and a text of a gigabyte must not be held several times over.
    private const int LongestText = 100_000;

    private static readonly (int First, int Last)[] Unspaced =
    [
        (0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3005, 0x3007), (0x3040, 0x30FF), (0x31F0, 0x31FF),
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF),
    ];

    /// <summary>The words of a text, in order; repeated ones again.</summary>
    public static IEnumerable<string> Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var word = new List<Rune>();
        bool unspaced = false;
        foreach (Rune rune in Normalized(text).EnumerateRunes())
        {
            bool apart = IsUnspaced(rune.Value);
            if (!IsPart(rune, word.Count > 0) || (word.Count > 0 && apart != unspaced && !IsMark(rune)))
            {
                foreach (string found in Cut(word, unspaced))
                {
                    yield return found;
                }

                word.Clear();
            }

            if (IsPart(rune, word.Count > 0))
            {
                unspaced = word.Count == 0 ? apart : unspaced;
                word.Add(rune);
            }
        }

        foreach (string found in Cut(word, unspaced))
        {
            yield return found;
        }
    }

    /// <summary>A text in NFKC, lower case, without white space around it.</summary>
    public static string Normalized(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string head = text.Length > LongestText ? text[..LongestText] : text;

        // A half of a surrogate pair cannot be normalized.
        string whole = string.Concat(head.EnumerateRunes().Select(r => r.ToString()));
        return whole.Normalize(NormalizationForm.FormKC).ToLowerInvariant().Trim();
    }

    private static IEnumerable<string> Cut(List<Rune> word, bool unspaced)
    {
        while (word.Count > 0 && IsApostrophe(word[^1]))
        {
            word.RemoveAt(word.Count - 1);
        }

        if (unspaced && word.Count > 1)
        {
            for (int i = 0; i + 1 < word.Count; i++)
            {
                yield return $"{word[i]}{word[i + 1]}";
            }
        }
        else if (word.Count is > 0 and <= LongestWord)
        {
            yield return string.Concat(word.Select(r => IsApostrophe(r) ? "'" : r.ToString()));
        }
    }

    private static bool IsPart(Rune rune, bool inside) =>
        Rune.IsLetterOrDigit(rune) || (inside && (IsMark(rune) || IsApostrophe(rune)));

    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool IsApostrophe(Rune rune) => rune.Value is '\'' or 0x2019;

    private static bool IsUnspaced(int rune) => Unspaced.Any(r => rune >= r.First && rune <= r.Last);
}
