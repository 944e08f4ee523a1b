using System.Collections.Concurrent;
using System.Text;
using OneRec.Core;

namespace OneRec.Engine.Spark.Jvm.Py4J;

/// <summary>The bridge that every Spark includes: Py4J's text protocol on a loopback socket.</summary>
/// <remarks>
/// There is one connection per thread, opened at its first call, because each connection is one JVM thread and Spark's local
/// properties are per JVM thread. Ids of released objects are sent before the next command of any thread.
/// </remarks>
public sealed class Py4JGateway : IJvm
{
    private const int LongestChain = 32;
    private const string ReflectArray = "java.lang.reflect.Array";

    private readonly GatewayAddress _address;
    private readonly ThreadLocal<Py4JConnection> _connection;
    private readonly ConcurrentQueue<string> _forgotten = new();
    private volatile bool _isDisposed;

    /// <summary>A bridge to a gateway; connects at the first call.</summary>
    public Py4JGateway(GatewayAddress address)
    {
        _address = address;
        _connection = new ThreadLocal<Py4JConnection>(() => new Py4JConnection(_address), trackAllValues: true);
    }

    /// <inheritdoc/>
    public object? CallStatic(string type, string method, params ReadOnlySpan<object?> arguments) =>
        Send($"c\nz:{type}\n{method}\n", arguments);

    /// <inheritdoc/>
    public object? Call(JvmObject target, string method, params ReadOnlySpan<object?> arguments) =>
        target is Py4JObject known && ReferenceEquals(known.Jvm, this)
            ? Keep(known, Send($"c\n{known.Id}\n{method}\n", arguments))
            : throw new ArgumentException("the object belongs to another bridge", nameof(target));

    /// <inheritdoc/>
    public JvmObject New(string type, params ReadOnlySpan<object?> arguments) =>
        Send($"i\n{type}\n", arguments) as JvmObject
            ?? throw new JvmException($"new {type} did not return an object", [], "");

    /// <inheritdoc/>
    public JvmObject Array(string elementType, IReadOnlyList<object?> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        using JvmObject element = this.GetStatic("java.lang.Class", "forName", elementType);
        JvmObject array = this.GetStatic(ReflectArray, "newInstance", element, elements.Count);
        for (int i = 0; i < elements.Count; i++)
        {
            CallStatic(ReflectArray, "set", array, i, elements[i]);
        }

        return array;
    }

    /// <inheritdoc/>
    public int ArrayLength(JvmObject array) => (int)CallStatic(ReflectArray, "getLength", array)!;

    /// <inheritdoc/>
    public object? ArrayItem(JvmObject array, int index) => CallStatic(ReflectArray, "get", array, index);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        foreach (Py4JConnection connection in _connection.Values)
        {
            connection.Dispose();
        }

        _connection.Dispose();
    }

    internal void Forget(string id) => _forgotten.Enqueue(id);

    private static object? Keep(Py4JObject target, object? result)
    {
        // The handle must live until the answer arrives; otherwise its finalizer could release the target during the call.
        GC.KeepAlive(target);
        return result;
    }

    private object? Send(string head, ReadOnlySpan<object?> arguments)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        var command = new StringBuilder(head, head.Length + 64);
        foreach (object? argument in arguments)
        {
            Py4JText.AppendValue(command, argument);
        }

        command.Append("e\n");
        string answer = Ask(command.ToString());
        foreach (object? argument in arguments)
        {
            GC.KeepAlive(argument);
        }

        return answer switch
        {
            ['y', .. var value] => Py4JText.ReadValue(value, id => new Py4JObject(this, id)),
            ['x', 'r', .. var id] => throw Describe(new Py4JObject(this, id)),
            ['x', 's', .. var text] => throw new JvmException(text, [], ""),
            _ => throw new JvmException($"{head.Replace('\n', ' ').Trim()}: the JVM rejected the call", [], ""),
        };
    }

    private string Ask(string command)
    {
        try
        {
            Py4JConnection connection = _connection.Value!;
            while (_forgotten.TryDequeue(out string? id))
            {
                connection.Ask($"m\nd\n{id}\ne\n");
            }

            return connection.Ask(command);
        }
        catch (IOException e)
        {
            throw OneRecException.Engine("spark.gone", $"Spark's driver JVM has ended ({e.Message}); run the command again", e);
        }
    }

    private JvmException Describe(Py4JObject thrown)
    {
        List<JvmCause> chain = [];
        string trace;
        using (thrown)
        {
            string answer = Ask($"p\nr{thrown.Id}\ne\n");
            trace = answer is ['y', .. var value] ? Py4JText.ReadValue(value, _ => thrown) as string ?? "" : "";
            JvmObject? cause = thrown;
            while (cause is not null && chain.Count < LongestChain)
            {
                using JvmObject type = cause.Get("getClass");
                chain.Add(new JvmCause((string)type.Call("getName")!, cause.Call("getMessage") as string ?? ""));
                JvmObject? next = cause.Call("getCause") as JvmObject;
                if (!ReferenceEquals(cause, thrown))
                {
                    cause.Dispose();
                }

                cause = next;
            }
        }

        string message = chain[0].Message.Length > 0 ? chain[0].Message : chain[0].Type;
        return new JvmException(message, chain, trace);
    }
}
