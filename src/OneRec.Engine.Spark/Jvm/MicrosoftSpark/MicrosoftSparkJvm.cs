using System.Net.Sockets;
using System.Text;
using Microsoft.Spark.Interop;
using Microsoft.Spark.Interop.Ipc;
using OneRec.Core;

namespace OneRec.Engine.Spark.Jvm.MicrosoftSpark;

/// <summary>The bridge of Microsoft.Spark, through its public types, if its <c>DotnetRunner</c> started this process.</summary>
/// <remarks>
/// Each .NET thread has its own JVM thread. Arrays are passed by value in both directions (<see cref="MicrosoftSparkArray"/>),
/// byte arrays only to the JVM. The first matching overload is called; methods of classes that are not public cannot be called.
/// An exception is returned as text (<see cref="JavaTrace"/>).
/// </remarks>
public sealed class MicrosoftSparkJvm : IJvm
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly IJvmBridge _bridge;
    private volatile bool _isDisposed;

    /// <summary>A bridge to the backend that <c>DOTNETBACKEND_PORT</c> names; connects at the first call.</summary>
    public MicrosoftSparkJvm()
    {
        // Its logger writes every exception to Console, expected or not. onerec does not write its results through Console.
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
            throw new ArgumentException("the target is an array or belongs to another bridge", nameof(target));
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
        // Elements of an Object[] are returned as references, even numbers and strings; the result of a method is returned as a value.
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
            // It notifies the JVM of ended threads.
        }
    }

    /// <summary>Releases an object in the JVM now. (A reference does so when it is garbage-collected.)</summary>
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
            // A JVM that has ended holds nothing.
        }
    }

    private MicrosoftSparkArray Own(JvmObject array) => array is MicrosoftSparkArray known && ReferenceEquals(known.Jvm, this)
        ? known
        : throw new ArgumentException("the array does not belong to this bridge", nameof(array));

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
                var other => throw new ArgumentException($"a {other.GetType().Name} cannot be passed to the JVM", nameof(arguments)),
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

    // Besides the exceptions of a socket: those of the bridge for an answer that ends too early.
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

    // Null if the text is not from Java: the bridge reports the end of a connection as an exception without a text.
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

    // A missing class breaks the connection too.
    private static OneRecException Gone(string what, Exception e) => OneRecException.Engine(
        "spark.gone",
        $"Spark's driver JVM closed the connection at {what}: it has ended (run the command again), or the class is missing (check that Delta's jars are installed)",
        e);
}
