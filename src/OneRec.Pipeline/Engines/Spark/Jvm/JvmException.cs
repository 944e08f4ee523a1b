namespace OneRec.Pipeline.Engines.Spark.Jvm;

/// <summary>A Java exception, or a call that the bridge could not make.</summary>
/// <param name="message">The outermost message.</param>
/// <param name="chain">The exception and its causes, outermost first; empty where the bridge itself refused.</param>
/// <param name="trace">Java's stack traces, many lines; may be empty.</param>
public sealed class JvmException(string message, IReadOnlyList<JvmCause> chain, string trace) : Exception(message)
{
    /// <summary>The exception and its causes, outermost first.</summary>
    public IReadOnlyList<JvmCause> Chain => chain;

    /// <summary>Java's stack traces.</summary>
    public string Trace => trace;

    /// <inheritdoc/>
    public override string ToString() => $"{base.ToString()}{Environment.NewLine}{trace}";
}

/// <summary>One Java exception of a chain.</summary>
/// <param name="Type">Its class in full.</param>
/// <param name="Message">Its message, empty where it has none.</param>
public sealed record JvmCause(string Type, string Message);
