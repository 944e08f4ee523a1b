namespace OneRec.Engine.Spark.Jvm;

/// <summary>Lists, Scala collections and options, built with basic calls that every bridge supports.</summary>
public static class JvmCalls
{
    private const string PythonUtils = "org.apache.spark.api.python.PythonUtils";

    /// <summary>Calls a static method that returns an object.</summary>
    /// <exception cref="JvmException">It threw, or returned something else.</exception>
    public static JvmObject GetStatic(this IJvm jvm, string type, string method, params ReadOnlySpan<object?> arguments)
    {
        ArgumentNullException.ThrowIfNull(jvm);
        return jvm.CallStatic(type, method, arguments) as JvmObject
            ?? throw new JvmException($"{type}.{method} did not return an object", [], "");
    }

    /// <summary>A <c>java.util.ArrayList</c>.</summary>
    public static JvmObject List(this IJvm jvm, IEnumerable<object?> elements)
    {
        ArgumentNullException.ThrowIfNull(jvm);
        JvmObject list = jvm.New("java.util.ArrayList");
        foreach (object? element in elements)
        {
            list.Call("add", element);
        }

        return list;
    }

    /// <summary>The rows of a small data frame as a list. (The list that Spark returns has a class that is not public.)</summary>
    public static JvmObject Rows(JvmObject frame)
    {
        ArgumentNullException.ThrowIfNull(frame);
        using JvmObject rows = frame.Get("collectAsList");
        return frame.Jvm.New("java.util.ArrayList", rows);
    }

    /// <summary>A Scala <c>Seq</c>.</summary>
    public static JvmObject Seq(this IJvm jvm, IEnumerable<object?> elements)
    {
        using JvmObject list = jvm.List(elements);
        return jvm.GetStatic(PythonUtils, "toSeq", list);
    }

    /// <summary>The elements of a Scala <c>Seq</c>.</summary>
    public static IEnumerable<object?> Items(JvmObject seq)
    {
        ArgumentNullException.ThrowIfNull(seq);
        int n = (int)seq.Call("size")!;
        for (int i = 0; i < n; i++)
        {
            yield return seq.Call("apply", i);
        }
    }

    /// <summary>A <c>java.util.HashMap</c>.</summary>
    public static JvmObject HashMap(this IJvm jvm, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(jvm);
        JvmObject map = jvm.New("java.util.HashMap");
        foreach ((string key, string value) in pairs)
        {
            map.Call("put", key, value);
        }

        return map;
    }

    /// <summary>An immutable Scala <c>Map</c>.</summary>
    public static JvmObject Map(this IJvm jvm, IEnumerable<KeyValuePair<string, string>> pairs)
    {
        using JvmObject map = jvm.HashMap(pairs);
        return jvm.GetStatic(PythonUtils, "toScalaMap", map);
    }

    /// <summary>A Scala <c>Some</c>, or <c>None</c> for null.</summary>
    public static JvmObject Option(this IJvm jvm, object? value) => value is null
        ? jvm.GetStatic("scala.Option", "empty")
        : jvm.GetStatic("scala.Option", "apply", value);
}
