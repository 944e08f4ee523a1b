using System.Net.Sockets;
using System.Text;
using Microsoft.Spark.Interop;
using Microsoft.Spark.Interop.Ipc;
using OneRec.Core;

namespace OneRec.Engine.Spark.Jvm.MicrosoftSpark;

/// <summary>The bridge of Microsoft.Spark, by its public types, where its <c>DotnetRunner</c> started us.</summary>
/// <remarks>
/// It gives each .NET thread a JVM thread. Arrays come and go by value (<see cref="MicrosoftSparkArray"/>), byte arrays only
/// go; the first overload that fits is called, methods of classes that are not public cannot be; an exception comes as a
/// text (<see cref="JavaTrace"/>).
/// </remarks>
public sealed class MicrosoftSparkJvm : IJvm
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly IJvmBridge _bridge;
    private volatile bool _isDisposed;

    /// <summary>A bridge to the backend that <c>DOTNETBACKEND_PORT</c> names; connects at the first call.</summary>
    public MicrosoftSparkJvm()
    {
        // Its logger writes every exception to the console, expected or not. Our own results do not go by Console.
        Console.SetOut(TextWriter.Null);
        _bridge = SparkEnvironment.JvmBridge;
    }

    /// <inheritdoc/>
    public object? CallStatic(string type, string method, params ReadOnlySpan<object?> arguments)
    {
        object?[] values = ToWire(arguments);
        return Ask($"{type}.{method}", () => _bridge.CallStaticJavaMethod(type, method, values));
    }

    /// <inheritdoc/>
    public object? Call(JvmObject target, string method, params ReadOnlySpan<object?> arguments)
    {
        if (target is not MicrosoftSparkObject known || !ReferenceEquals(known.Jvm, this))
        {
            throw new ArgumentException("an array, or an object of another bridge", nameof(target));
        }

        object?[] values = ToWire(arguments);
        return Ask(method, () => _bridge.CallNonStaticJavaMethod(known.Reference, method, values));
    }

    /// <inheritdoc/>
    public JvmObject New(string type, params ReadOnlySpan<object?> arguments)
    {
        object?[] values = ToWire(arguments);
        return (JvmObject)Ask($"new {type}", () => _bridge.CallConstructor(type, values))!;
    }

    /// <inheritdoc/>
    public JvmObject Array(string elementType, IReadOnlyList<object?> elements)
    {
        object?[] values = ToWire([.. elements]);
        return new MicrosoftSparkArray(
            this,
            elementType == "java.lang.String" ? values.Cast<string>().ToArray() : values.Cast<JvmObjectReference>().ToArray());
    }

    /// <inheritdoc/>
    public int ArrayLength(JvmObject array) => Own(array).Values.Length;

    /// <inheritdoc/>
    public object? ArrayItem(JvmObject array, int index)
    {
        // Elements of an Object[] come as references, be they numbers and texts: what a method returns comes as a value.
        object? value = Own(array).Values.GetValue(index);
        return value is JvmObjectReference element
            ? Ask("scala.Predef.identity", () => _bridge.CallStaticJavaMethod("scala.Predef", "identity", element))
            : value;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        SparkEnvironment.JvmBridge = null;
        try
        {
            _bridge.Dispose();
        }
        catch (Exception e) when (IsOver(e))
        {
            // It tells the JVM which threads ended.
        }
    }

    /// <summary>Has the JVM let go of an object now. (A reference does so when it is collected.)</summary>
    internal void Forget(JvmObjectReference reference)
    {
        if (_isDisposed)
        {
            return;
        }

        try
        {
            _bridge.CallStaticJavaMethod("DotnetHandler", "rm", reference.ToString());
        }
        catch (Exception e) when (IsOver(e))
        {
            // A JVM that is gone holds nothing.
        }
    }

    private MicrosoftSparkArray Own(JvmObject array) => array is MicrosoftSparkArray known && ReferenceEquals(known.Jvm, this)
        ? known
        : throw new ArgumentException("no array of this bridge", nameof(array));

    private static object?[] ToWire(ReadOnlySpan<object?> arguments)
    {
        var values = new object?[arguments.Length];
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = arguments[i] switch
            {
                null or bool or int or long or double or byte[] => arguments[i],
                string text => Unicode(text),
                MicrosoftSparkObject target => target.Reference,
                MicrosoftSparkArray array => array.Values,
                var other => throw new ArgumentException($"a {other.GetType().Name} cannot go to the JVM", nameof(arguments)),
            };
        }

        return values;
    }

    // The bridge itself would send a question mark.
    private static string Unicode(string text)
    {
        _ = Strict.GetByteCount(text);
        return text;
    }

    // Beside what a socket throws: what the bridge makes of an answer that ends too early.
    private static bool IsBroken(Exception e) => e is IOException or SocketException or OverflowException or ArgumentException;

    private static bool IsOver(Exception e) => IsBroken(e) || e.InnerException is Microsoft.Spark.JvmException;

    private object? Ask(string what, Func<object?> call)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        try
        {
            return call() switch
            {
                JvmObjectReference reference => new MicrosoftSparkObject(this, reference),
                System.Array values => new MicrosoftSparkArray(this, values),
                var value => value,
            };
        }
        catch (Exception e) when (e.InnerException is Microsoft.Spark.JvmException thrown)
        {
            throw Describe(what, thrown.Message) ?? Gone(what, e);
        }
        catch (Exception e) when (IsBroken(e))
        {
            throw Gone(what, e);
        }
    }

    // Null where the text is none of Java's: the bridge takes the end of a connection for an exception without one.
    private static Exception? Describe(string what, string trace)
    {
        if (trace.Length == 0)
        {
            return new JvmException($"{what}: no such method for these arguments, or its class is not public", [], "");
        }

        IReadOnlyList<JvmCause> chain = JavaTrace.Chain(trace);
        return chain.Count == 0
            ? null
            : new JvmException(chain[0].Message.Length > 0 ? chain[0].Message : chain[0].Type, chain, trace);
    }

    // A class that is not there breaks the connection too.
    private static OneRecException Gone(string what, Exception e) => OneRecException.Engine(
        "spark.gone",
        $"Spark's driver JVM broke off at {what}: it is gone (run the command again), or has no such class (are Delta's jars there?)",
        e);
}
