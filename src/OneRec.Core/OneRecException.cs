namespace OneRec.Core;

/// <summary>The only exception a user sees: one line that names the file, key, row or table, and says what to do.</summary>
/// <remarks>A worker sends it as kind, code and message, so both engines exit with the same code.</remarks>
public sealed class OneRecException : Exception
{
    /// <summary>Creates an error with a one-line message.</summary>
    /// <param name="kind">Determines the exit code.</param>
    /// <param name="code">A stable dotted code, such as <c>delta.reader-feature</c>.</param>
    /// <param name="message">One line: what went wrong, where, and what to do.</param>
    /// <param name="inner">The underlying exception, shown with <c>--verbose</c>.</param>
    public OneRecException(ErrorKind kind, string code, string message, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        Code = code;
    }

    /// <summary>Determines the exit code.</summary>
    public ErrorKind Kind { get; }

    /// <summary>A stable dotted code, such as <c>input.missing-column</c>.</summary>
    public string Code { get; }

    /// <summary>The step that an engine or a kernel worked for; null where the message itself says what it is about.</summary>
    public string? Step { get; init; }

    /// <summary>Bad input data (exit 3).</summary>
    public static OneRecException Input(string code, string message, Exception? inner = null) =>
        new(ErrorKind.Input, code, message, inner);

    /// <summary>Bad command line or configuration (exit 2).</summary>
    public static OneRecException Configuration(string code, string message, Exception? inner = null) =>
        new(ErrorKind.Configuration, code, message, inner);

    /// <summary>A table conflict or a table with the wrong shape (exit 4).</summary>
    public static OneRecException Table(string code, string message, Exception? inner = null) =>
        new(ErrorKind.Table, code, message, inner);

    /// <summary>An engine or model failure (exit 5).</summary>
    public static OneRecException Engine(string code, string message, Exception? inner = null) =>
        new(ErrorKind.Engine, code, message, inner);
}
