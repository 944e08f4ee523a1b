using System.Globalization;

namespace OneRec.Core;

/// <summary>Collects everything that is wrong with a configuration, so that it is reported at once, before any work.</summary>
public sealed class Problems
{
    private readonly List<string> _lines = [];

    /// <summary>The problems found so far, one line each, in the order found.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds one line.</summary>
    public void Add(string line) => _lines.Add(line);

    /// <summary>Adds "<c>key must be ... (got value)</c>" if <paramref name="holds"/> is false.</summary>
    /// <param name="holds">The condition that must be true.</param>
    /// <param name="key">The key as the user writes it.</param>
    /// <param name="rule">The rule, starting with "must".</param>
    /// <param name="got">The current value.</param>
    public void Require(bool holds, string key, string rule, object? got)
    {
        if (!holds)
        {
            string value = got is null ? "null" : Convert.ToString(got, CultureInfo.InvariantCulture) ?? "null";
            _lines.Add($"{key} {rule} (got {value})");
        }
    }

    /// <summary>Throws one error with all lines if there are any.</summary>
    /// <exception cref="OneRecException">Configuration error <c>config.invalid</c>.</exception>
    public void ThrowIfAny()
    {
        if (_lines.Count > 0)
        {
            throw OneRecException.Configuration("config.invalid", string.Join("; ", _lines));
        }
    }
}
