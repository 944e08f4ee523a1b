using System.Collections.Immutable;
using OneRec.Pipeline.Engine;

namespace OneRec.Pipeline.Inputs;

/// <summary>A part of a SELECT that depends on the input's columns, with holes of its own.</summary>
/// <remarks>Names and patterns stay holes until the engine fills them, so that each engine quotes them its own way.</remarks>
public sealed record SqlFragment(string Text, ImmutableDictionary<string, SqlArgument> Arguments)
{
    /// <summary>Puts the fragment in place of a hole of a script.</summary>
    /// <exception cref="ArgumentException">The script has no such hole.</exception>
    public SqlScript Into(SqlScript script, string hole)
    {
        ArgumentNullException.ThrowIfNull(script);
        string place = "{{" + hole + "}}";
        return script.Text.Contains(place, StringComparison.Ordinal)
            ? new SqlScript(
                script.Text.Replace(place, Text, StringComparison.Ordinal), script.Arguments.AddRange(Arguments))
            : throw new ArgumentException($"the script has no hole {place}", nameof(hole));
    }
}
