namespace OneRec.Cli;

/// <summary>Several things that are wrong with a command line or configuration, told together: exit 2.</summary>
/// <param name="code">Their code, such as <c>config.invalid</c>.</param>
/// <param name="lines">A line each.</param>
/// <param name="hint">Where help is; null for none.</param>
internal sealed class CommandProblem(string code, IReadOnlyList<string> lines, string? hint = null)
    : Exception(string.Join("; ", lines))
{
    /// <summary>Their code.</summary>
    public string Code { get; } = code;

    /// <summary>A line each.</summary>
    public IReadOnlyList<string> Lines { get; } = lines;

    /// <summary>Where help is; null for none.</summary>
    public string? Hint { get; } = hint;
}
