namespace OneRec.Cli.Backend;

/// <summary>All problems of a command line or a configuration, reported together with exit code 2.</summary>
/// <param name="code">The error code, such as <c>config.invalid</c>.</param>
/// <param name="lines">One line per problem.</param>
/// <param name="hint">Where to find help; null for none.</param>
internal sealed class CommandProblem(string code, IReadOnlyList<string> lines, string? hint = null)
    : Exception(string.Join("; ", lines))
{
    /// <summary>The error code.</summary>
    public string Code { get; } = code;

    /// <summary>One line per problem.</summary>
    public IReadOnlyList<string> Lines { get; } = lines;

    /// <summary>Where to find help; null for none.</summary>
    public string? Hint { get; } = hint;
}
