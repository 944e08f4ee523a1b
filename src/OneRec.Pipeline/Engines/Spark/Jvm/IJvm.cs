namespace OneRec.Pipeline.Engines.Spark.Jvm;

/// <summary>Calls into Spark's driver JVM: all that the engine needs of a bridge, so that another bridge can replace Py4J.</summary>
/// <remarks>
/// Values both ways: null, <see cref="bool"/>, <see cref="int"/>, <see cref="long"/>, <see cref="double"/>,
/// <see cref="string"/>, and <see cref="JvmObject"/> for everything else; byte arrays to the JVM. Varargs take an array
/// (<see cref="Array"/>), Scala's default arguments are given. What methods are called on is of a public class.
/// Each .NET thread is one JVM thread. Thread-safe.
/// </remarks>
public interface IJvm : IDisposable
{
    /// <summary>Calls a static method, or a method of a Scala object that has a static forwarder.</summary>
    /// <exception cref="JvmException">It threw, or there is no such method.</exception>
    object? CallStatic(string type, string method, params ReadOnlySpan<object?> arguments);

    /// <summary>Calls a method.</summary>
    /// <exception cref="JvmException">It threw, or there is no such method.</exception>
    object? Call(JvmObject target, string method, params ReadOnlySpan<object?> arguments);

    /// <summary>Calls a constructor. (Not of <c>java.lang.String</c>: that is a value here.)</summary>
    /// <exception cref="JvmException">It threw, or there is no such constructor.</exception>
    JvmObject New(string type, params ReadOnlySpan<object?> arguments);

    /// <summary>An array for a method with varargs.</summary>
    /// <param name="elementType">The element's class in full, as the method declares it.</param>
    /// <param name="elements">Texts, or objects of the JVM that live as long as the array.</param>
    JvmObject Array(string elementType, IReadOnlyList<object?> elements);

    /// <summary>The length of an array that a method returned.</summary>
    int ArrayLength(JvmObject array);

    /// <summary>An element of an array that a method returned.</summary>
    object? ArrayItem(JvmObject array, int index);
}
