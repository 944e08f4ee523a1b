namespace OneRec.Pipeline.Engines.Spark.Jvm;

/// <summary>An object in the JVM, kept alive there until this handle is disposed or collected.</summary>
public abstract class JvmObject : IDisposable
{
    /// <summary>The bridge that it belongs to.</summary>
    public abstract IJvm Jvm { get; }

    /// <summary>Calls a method.</summary>
    /// <exception cref="JvmException">It threw, or there is no such method.</exception>
    public object? Call(string method, params ReadOnlySpan<object?> arguments) => Jvm.Call(this, method, arguments);

    /// <summary>Calls a method that returns an object.</summary>
    /// <exception cref="JvmException">It threw, there is no such method, or it returned something else.</exception>
    public JvmObject Get(string method, params ReadOnlySpan<object?> arguments) =>
        Call(method, arguments) as JvmObject
            ?? throw new JvmException($"{method} returned no object", [], "");

    /// <summary>Lets go of the object.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the object.</summary>
    protected abstract void Dispose(bool disposing);
}
