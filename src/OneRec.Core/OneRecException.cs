namespace OneRec.Core;

/// <summary>The one failure that a user meets: one line that names file, key, row or table, and what to do.</summary>
/// <remarks>It crosses a worker's wire as its kind, code and message, so both engines exit alike.</remarks>
public sealed class OneRecException : Exception
{
    /// <summary>A failure told in one line.</summary>
    /// <param name="kind">Gives the exit code.</param>
    /// <param name="code">A stable dotted word, such as <c>delta.reader-feature</c>.</param>
    /// <param name="message">One line: what, where, and the cure.</param>
    /// <param name="inner">What was underneath, shown with <c>--verbose</c>.</param>
    public OneRecException(ErrorKind kind, string code, string message, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        Code = code;
    }

    /// <summary>Gives the exit code.</summary>
    public ErrorKind Kind { get; }

    /// <summary>A stable dotted word, such as <c>input.missing-column</c>.</summary>
    public string Code { get; }

    /// <summary>Bad input data (exit 3).</summary>
    public static OneRecException Input(string code, string message, Exception? inner = null) =>
        new(ErrorKind.Input, code, message, inner);

    /// <summary>Bad command line or configuration (exit 2).</summary>
    public static OneRecException Configuration(string code, string message, Exception? inner = null) =>
        new(ErrorKind.Configuration, code, message, inner);

    /// <summary>A table conflict or a table that does not fit (exit 4).</summary>
    public static OneRecException Table(string code, string message, Exception? inner = null) =>
        new(ErrorKind.Table, code, message, inner);

    /// <summary>An engine or model failure (exit 5).</summary>
    public static OneRecException Engine(string code, string message, Exception? inner = null) =>
        new(ErrorKind.Engine, code, message, inner);
}
