namespace OneRec.Configuration;

/// <summary>Suggestions for misspelled names, by edit distance.</summary>
public static class NearestKey
{
    private const int WordsApart = 1_000;

    // "id" alone occurs in too many names to be a useful match.
    private const int LeastWord = 3;

    /// <summary>The nearest candidate, or null if none is near enough.</summary>
    /// <param name="word">The word as written.</param>
    /// <param name="candidates">The valid words; the first of equally near ones wins.</param>
    /// <remarks>
    /// Letter case is ignored. A key in the wrong section, or without one, is compared by its last part: <c>topK</c>
    /// matches <c>swing.topK</c>. The allowed distance is a third of the length, but at least 2. Names also match if
    /// all words of one occur in the other, whatever their lengths: <c>user</c> and <c>user_id</c>, <c>eventTime</c>
    /// and <c>time</c>.
    /// </remarks>
    public static string? Of(string word, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(candidates);
        string? best = null;
        int bestDistance = int.MaxValue;
        foreach (string candidate in candidates)
        {
            int whole = Distance(word, candidate);
            int last = Distance(Last(word), Last(candidate)) + 1;
            int limit = whole <= last ? Limit(word) : Limit(Last(word));
            int distance = Math.Min(whole, last);
            if (distance > limit && ShareWords(Last(word), Last(candidate)))
            {
                // Ranked after all misspellings that are near enough; the fewer extra words, the better.
                distance = limit = WordsApart + Math.Abs(Words(Last(word)).Count - Words(Last(candidate)).Count);
            }

            if (distance <= limit && distance < bestDistance)
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>Edit distance (insertion, deletion, replacement, transposition), ignoring letter case.</summary>
    public static int Distance(string a, string b)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        int[,] d = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++)
        {
            d[i, 0] = i;
        }

        for (int j = 0; j <= b.Length; j++)
        {
            d[0, j] = j;
        }

        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int replace = d[i - 1, j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                d[i, j] = Math.Min(replace, Math.Min(d[i - 1, j], d[i, j - 1]) + 1);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[a.Length, b.Length];
    }

    private static bool ShareWords(string a, string b)
    {
        (HashSet<string> fewer, HashSet<string> more) = (Words(a), Words(b));
        if (fewer.Count > more.Count)
        {
            (fewer, more) = (more, fewer);
        }

        return fewer.IsSubsetOf(more) && fewer.Sum(w => w.Length) >= LeastWord;
    }

    /// <summary>The words of a name: <c>event_time</c> and <c>eventTime</c> have two.</summary>
    private static HashSet<string> Words(string name)
    {
        var words = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        int from = 0;
        for (int i = 1; i <= name.Length; i++)
        {
            bool ends = i == name.Length || !char.IsLetterOrDigit(name[i])
                || (char.IsUpper(name[i]) && char.IsLower(name[i - 1]));
            if (ends)
            {
                string word = name[from..i].Trim('_', '-', ' ', '.');
                if (word.Length > 0)
                {
                    words.Add(word);
                }

                from = i;
            }
        }

        return words;
    }

    private static int Limit(string word) => Math.Max(2, word.Length / 3);

    private static string Last(string key) => key[(key.LastIndexOf('.') + 1)..];

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
