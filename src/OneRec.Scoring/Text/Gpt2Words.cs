using System.Globalization;

namespace OneRec.Scoring.Text;

/// <summary>GPT-2's cut of a text into words, which byte-level BPE merges one by one.</summary>
/// <remarks>
/// The pattern is <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c> (Radford et al., 2019) over
/// code points. .NET's regular expressions see UTF-16 units instead, in which no letter beyond U+FFFF is a letter. No
/// character is lost: the words joined are the text.
/// </remarks>
internal static class Gpt2Words
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    /// <summary>The words of a text, in order, with the space before them.</summary>
    public static IEnumerable<string> Of(string text)
    {
        int at = 0;
        while (at < text.Length)
        {
            int end = EndOfWord(text, at);
            yield return text[at..end];
            at = end;
        }
    }

    private static int EndOfWord(string text, int at)
    {
        string? contraction = Contractions.FirstOrDefault(c => string.CompareOrdinal(text, at, c, 0, c.Length) == 0);
        if (contraction is not null)
        {
            return at + contraction.Length;
        }

        int first = text[at] == ' ' ? at + 1 : at;
        if (first < text.Length && KindAt(text, first) is var kind && kind != Kind.Space)
        {
            return EndOfRun(text, first, kind);
        }

        // Of several spaces before a word, the last belongs to the word.
        int end = EndOfRun(text, at, Kind.Space);
        return end < text.Length && end > at + 1 ? end - 1 : end;
    }

    private static int EndOfRun(string text, int at, Kind kind)
    {
        while (at < text.Length && KindAt(text, at) == kind)
        {
            at += char.IsSurrogatePair(text, at) ? 2 : 1;
        }

        return at;
    }

    private static Kind KindAt(string text, int at) => CharUnicodeInfo.GetUnicodeCategory(text, at) switch
    {
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
            or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber => Kind.Number,
        _ => char.IsWhiteSpace(text[at]) ? Kind.Space : Kind.Other,
    };

    private enum Kind
    {
        Letter,
        Number,
        Space,
        Other,
    }
}
