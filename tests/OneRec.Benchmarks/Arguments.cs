using System.Globalization;

namespace OneRec.Benchmarks;

/// <summary>The options of one case: <c>--name VALUE</c>, flags, and words in their order.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];
    private readonly HashSet<string> _flags = [];
    private readonly List<string> _words = [];

    /// <summary>Reads them.</summary>
    /// <param name="arguments">What follows the case's name. <c>--json</c>, the only format there is, is always allowed.</param>
    /// <param name="values">Options that take a value, with their dashes.</param>
    /// <param name="flags">Options that take none.</param>
    /// <exception cref="UsageException">An option that is not listed, or a value that is missing.</exception>
    public Arguments(IReadOnlyList<string> arguments, IReadOnlyList<string> values, params IReadOnlyList<string> flags)
    {
        for (int a = 0; a < arguments.Count; a++)
        {
            string word = arguments[a];
            if (!word.StartsWith("--", StringComparison.Ordinal))
            {
                _words.Add(word);
            }
            else if (values.Contains(word))
            {
                _values[word] = a + 1 < arguments.Count ? arguments[++a] : throw new UsageException($"{word} wants a value");
            }
            else if (word == "--json" || flags.Contains(word))
            {
                _flags.Add(word);
            }
            else
            {
                throw new UsageException($"'{word}' is no option here");
            }
        }
    }

    /// <summary>What stands without dashes.</summary>
    public IReadOnlyList<string> Words => _words;

    /// <summary>Whether a flag is there.</summary>
    public bool Has(string flag) => _flags.Contains(flag);

    /// <summary>An option's text.</summary>
    /// <exception cref="UsageException">It is missing and there is no default.</exception>
    public string Text(string name, string? otherwise = null) =>
        _values.TryGetValue(name, out string? value) ? value : otherwise ?? throw new UsageException($"{name} is missing");

    /// <summary>An option's number.</summary>
    /// <exception cref="UsageException">It is no whole number from a least one, or missing without a default.</exception>
    public long Number(string name, long least, long? otherwise = null) =>
        Number(name, Text(name, otherwise?.ToString(CultureInfo.InvariantCulture)), least);

    /// <summary>A word as a number.</summary>
    /// <exception cref="UsageException">It is no whole number from a least one.</exception>
    public static long Number(string name, string text, long least) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value >= least
            ? value
            : throw new UsageException($"{name} wants a whole number from {least}, not '{text}'");
}
