using System.Globalization;

namespace OneRec.Core;

/// <summary>All that is wrong with a configuration, gathered before any work so that it is told at once.</summary>
public sealed class Problems
{
    private readonly List<string> _lines = [];

    /// <summary>The problems so far, one line each, in the order found.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Adds one line.</summary>
    public void Add(string line) => _lines.Add(line);

    /// <summary>Adds "<c>key must be ... (got value)</c>" where <paramref name="holds"/> is false.</summary>
    /// <param name="holds">What must be true.</param>
    /// <param name="key">The key as the user writes it.</param>
    /// <param name="rule">What must hold, starting "must".</param>
    /// <param name="got">The value in force.</param>
    public void Require(bool holds, string key, string rule, object? got)
    {
        if (!holds)
        {
            string value = got is null ? "null" : Convert.ToString(got, CultureInfo.InvariantCulture) ?? "null";
            _lines.Add($"{key} {rule} (got {value})");
        }
    }

    /// <summary>Throws one error that carries every line, if there is any.</summary>
    /// <exception cref="OneRecException">Configuration error <c>config.invalid</c>.</exception>
    public void ThrowIfAny()
    {
        if (_lines.Count > 0)
        {
            throw OneRecException.Configuration("config.invalid", string.Join("; ", _lines));
        }
    }
}
