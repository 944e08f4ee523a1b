namespace OneRec.Engine.Spark.Jvm;

/// <summary>Calls into Spark's driver JVM: everything the engine needs from a bridge, so that Py4J can be replaced.</summary>
/// <remarks>
/// Values in both directions are null, <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/>,
/// <see cref="string"/>, and <see cref="JvmObject"/> for everything else; byte arrays only to the JVM. Varargs are passed as an
/// array (<see cref="Array"/>), and Scala's default arguments are passed explicitly. Methods are called only on objects of
/// public classes. Each .NET thread has its own JVM thread. Thread-safe.
/// </remarks>
public interface IJvm : IDisposable
{
    /// <summary>Calls a static method, or a method of a Scala object with a static forwarder.</summary>
    /// <exception cref="JvmException">It threw, or there is no such method.</exception>
    object? CallStatic(string type, string method, params ReadOnlySpan<object?> arguments);

    /// <summary>Calls a method.</summary>
    /// <exception cref="JvmException">It threw, or there is no such method.</exception>
    object? Call(JvmObject target, string method, params ReadOnlySpan<object?> arguments);

    /// <summary>Calls a constructor, but not that of <c>java.lang.String</c>, which is a value.</summary>
    /// <exception cref="JvmException">It threw, or there is no such constructor.</exception>
    JvmObject New(string type, params ReadOnlySpan<object?> arguments);

    /// <summary>An array for a method with varargs.</summary>
    /// <param name="elementType">The full class name of the elements, as the method declares it.</param>
    /// <param name="elements">Strings, or objects of the JVM that live as long as the array.</param>
    JvmObject Array(string elementType, IReadOnlyList<object?> elements);

    /// <summary>The length of an array that a method returned.</summary>
    int ArrayLength(JvmObject array);

    /// <summary>An element of an array that a method returned.</summary>
    object? ArrayItem(JvmObject array, int index);
}

/// <summary>The loopback port of a JVM's gateway, and its secret.</summary>
public sealed record GatewayAddress(int Port, string Secret)
{
    /// <summary>The text of an address has no secret, because it may be logged.</summary>
    public override string ToString() => $"127.0.0.1:{Port}";
}

/// <summary>An object in the JVM, kept alive there until this handle is disposed or collected.</summary>
public abstract class JvmObject : IDisposable
{
    /// <summary>The bridge of the object.</summary>
    public abstract IJvm Jvm { get; }

    /// <summary>Calls a method.</summary>
    /// <exception cref="JvmException">It threw, or there is no such method.</exception>
    public object? Call(string method, params ReadOnlySpan<object?> arguments) => Jvm.Call(this, method, arguments);

    /// <summary>Calls a method that returns an object.</summary>
    /// <exception cref="JvmException">It threw, there is no such method, or it returned something else.</exception>
    public JvmObject Get(string method, params ReadOnlySpan<object?> arguments) =>
        Call(method, arguments) as JvmObject
            ?? throw new JvmException($"{method} did not return an object", [], "");

    /// <summary>Releases the object.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Releases the object.</summary>
    protected abstract void Dispose(bool disposing);
}

/// <summary>A Java exception, or a call that the bridge could not make.</summary>
/// <param name="message">The outermost message.</param>
/// <param name="chain">The exception and its causes, outermost first; empty if the bridge itself failed.</param>
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
/// <param name="Type">Its full class name.</param>
/// <param name="Message">Its message, empty if it has none.</param>
public sealed record JvmCause(string Type, string Message);
