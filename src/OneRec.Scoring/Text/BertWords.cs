using System.Globalization;
using System.Text;

namespace OneRec.Scoring.Text;

/// <summary>BERT's basic tokenization: a text to words, which WordPiece cuts into pieces.</summary>
/// <param name="lowerCase">Whether words are lower-cased.</param>
/// <param name="stripAccents">Whether words are decomposed (NFD) and their nonspacing marks removed.</param>
/// <remarks>
/// <para>
/// As in BERT's reference implementation (Devlin et al., 2018): U+0000, U+FFFD and control and format characters (Cc, Cf) are
/// removed, but tab, line feed and carriage return separate words, as do spaces (Zs, Zl, Zp). A CJK ideograph is a word, and
/// so is a punctuation mark (P*) and an ASCII character that is neither a letter nor a digit. Any other character stays in its
/// word: symbols, emoji, private use and unassigned code points. Nothing in a text is a special token: <c>[SEP]</c> is three
/// words.
/// </para>
/// <para>
/// Lower case is Python's, with the final sigma and U+0130 as two characters. Hugging Face's tokenizers differ in three
/// points: no final sigma, private use removed, and U+2B820 to U+2B91F not taken as ideographs.
/// </para>
/// </remarks>
internal sealed class BertWords(bool lowerCase, bool stripAccents)
{
    // Unassigned for ever, and the only character that string.Normalize refuses, besides halves of pairs.
    private const char Noncharacter = '\uFFFE';

    // Unicode's Word_Break MidLetter, MidNumLet and Single_Quote, which casing ignores besides marks and modifiers.
    private const string MidWord = "'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";

    /// <summary>The words of a text, in order; none is empty.</summary>
    /// <param name="text">Any text; half of a surrogate pair is read as U+FFFD.</param>
    public IEnumerable<string> Of(string text)
    {
        var word = new StringBuilder();
        foreach (Rune rune in text.EnumerateRunes())
        {
            Role role = RoleOf(rune);
            if (role == Role.Part)
            {
                word.Append(rune);
            }

            if (role is Role.Separator or Role.Ideograph)
            {
                foreach (string part in Parts(word))
                {
                    yield return part;
                }

                word.Clear();
            }

            if (role == Role.Ideograph)
            {
                foreach (string part in Parts(word.Append(rune)))
                {
                    yield return part;
                }

                word.Clear();
            }
        }

        foreach (string part in Parts(word))
        {
            yield return part;
        }
    }

    /// <summary>A word in the vocabulary's spelling, cut at its punctuation.</summary>
    private IEnumerable<string> Parts(StringBuilder letters)
    {
        string word = letters.ToString();
        word = lowerCase ? LowerCase(word) : word;
        word = stripAccents ? StripAccents(word) : word;
        int start = 0;
        int at = 0;
        foreach (Rune rune in word.EnumerateRunes())
        {
            int next = at + rune.Utf16SequenceLength;
            if (IsPunctuation(rune))
            {
                if (at > start)
                {
                    yield return word[start..at];
                }

                yield return word[at..next];
                start = next;
            }

            at = next;
        }

        if (at > start)
        {
            yield return word[start..];
        }
    }

    private static Role RoleOf(Rune rune) => rune.Value switch
    {
        '\t' or '\n' or '\r' => Role.Separator,
        0xFFFD => Role.Removed,
        (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0xF900 and <= 0xFAFF) => Role.Ideograph,
        (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2CEAF) or (>= 0x2F800 and <= 0x2FA1F) => Role.Ideograph,
        _ => Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.Control or UnicodeCategory.Format => Role.Removed,
            UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => Role.Separator,
            _ => Role.Part,
        },
    };

    private static bool IsPunctuation(Rune rune) => rune.IsAscii ? !Rune.IsLetterOrDigit(rune) : Rune.IsPunctuation(rune);

    private static string StripAccents(string word)
    {
        string decomposed = string.Join(
            Noncharacter, word.Split(Noncharacter).Select(part => part.Normalize(NormalizationForm.FormD)));
        var kept = new StringBuilder(decomposed.Length);
        foreach (Rune rune in decomposed.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
            {
                kept.Append(rune);
            }
        }

        return kept.ToString();
    }

    private static string LowerCase(string word)
    {
        Rune[] runes = [.. word.EnumerateRunes()];
        var lower = new StringBuilder(word.Length);
        for (int i = 0; i < runes.Length; i++)
        {
            switch (runes[i].Value)
            {
                case '\u0130':
                    lower.Append("i\u0307");
                    break;
                case '\u03A3':
                    lower.Append(IsFinal(runes, i) ? '\u03C2' : '\u03C3');
                    break;
                default:
                    lower.Append(Rune.ToLowerInvariant(runes[i]));
                    break;
            }
        }

        return lower.ToString();
    }

    /// <summary>Unicode's condition Final_Sigma: a cased letter before, and none behind.</summary>
    private static bool IsFinal(Rune[] word, int at)
    {
        int before = at - 1;
        while (before >= 0 && IsCaseIgnorable(word[before]))
        {
            before--;
        }

        int after = at + 1;
        while (after < word.Length && IsCaseIgnorable(word[after]))
        {
            after++;
        }

        return before >= 0 && IsCased(word[before]) && !(after < word.Length && IsCased(word[after]));
    }

    private static bool IsCaseIgnorable(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format => true,
        UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol => true,
        _ => rune.IsBmp && MidWord.Contains((char)rune.Value, StringComparison.Ordinal),
    };

    private static bool IsCased(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter => true,

        // Feminine and masculine ordinals, Roman numerals, and letters in circles and squares.
        _ => rune.Value is 0xAA or 0xBA or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9)
            or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189),
    };

    private enum Role
    {
        Part,
        Ideograph,
        Separator,
        Removed,
    }
}
