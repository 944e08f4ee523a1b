using System.Text.RegularExpressions;

namespace OneRec.Testing;

/// <summary>
/// The skips that CI permits: a regular expression a line, found anywhere in <c>test name: reason</c>. Two spaces and <c>#</c>
/// start a remark; a line that starts with <c>#</c> is one.
/// </summary>
public sealed class AllowedSkips
{
    private readonly Regex[] _patterns;

    private AllowedSkips(IEnumerable<string> lines) => _patterns =
    [
        .. lines.Where(line => !line.StartsWith('#')).Select(line => line.Split("  #")[0]).Where(p => p.Trim().Length > 0)
            .Select(p => new Regex(p, RegexOptions.CultureInvariant)),
    ];

    /// <summary>Those of a checkout, from its file <c>.ci/allowed-skips</c>.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="ArgumentException">A line is no regular expression.</exception>
    public static AllowedSkips Of(string root) => new(File.ReadLines(Path.Combine(root, ".ci", "allowed-skips")));

    /// <summary>Why a skip is a failure in CI, or null where it is permitted.</summary>
    /// <param name="skip"><c>test name: reason</c>.</param>
    public string? Refuse(string skip) =>
        _patterns.Any(p => p.IsMatch(skip)) ? null : $"{skip} (a failure in CI: .ci/allowed-skips does not name it)";
}
