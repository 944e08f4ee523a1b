using System.Runtime.InteropServices;
using Google.Protobuf;

namespace OneRec.Alignment.Export;

/// <summary>
/// Builds a small ONNX model and writes it in protobuf's wire format. Field numbers are those of onnx.proto (ONNX 1.16,
/// IR version 8, opset 17).
/// </summary>
internal sealed class OnnxGraph
{
    private const int IrVersion = 8;
    private const int Opset = 17;
    private const int FloatType = 1;
    private const int LongType = 7;

    private readonly List<byte[]> _nodes = [];
    private readonly List<byte[]> _initializers = [];
    private readonly List<byte[]> _inputs = [];
    private readonly List<byte[]> _outputs = [];
    private int _names;

    /// <summary>Adds a float input.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="dimensions">A length, or the name of one that is free.</param>
    public string Input(string name, params ReadOnlySpan<object> dimensions)
    {
        _inputs.Add(ValueInfo(name, dimensions));
        return name;
    }

    /// <summary>Declares a value as an output.</summary>
    public void Output(string name, params ReadOnlySpan<object> dimensions) => _outputs.Add(ValueInfo(name, dimensions));

    /// <summary>Adds a constant.</summary>
    public string Constant(ReadOnlySpan<long> shape, ReadOnlySpan<float> values) =>
        Initializer(shape.ToArray(), FloatType, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Adds a float scalar.</summary>
    public string Scalar(double value) => Constant([], [(float)value]);

    /// <summary>Adds whole numbers, such as a shape.</summary>
    public string Whole(params ReadOnlySpan<long> values) =>
        Initializer([values.Length], LongType, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>Adds an operator with one output.</summary>
    /// <returns>The name of its output.</returns>
    public string Node(string type, IReadOnlyList<string> inputs, params (string Name, object Value)[] attributes) =>
        Node(type, inputs, $"v{_names++}", attributes);

    /// <summary>Adds an operator whose output has a given name.</summary>
    public string Node(string type, IReadOnlyList<string> inputs, string output, params (string Name, object Value)[] attributes)
    {
        _nodes.Add(Message(w =>
        {
            foreach (string input in inputs)
            {
                Text(w, 1, input);
            }

            Text(w, 2, output);
            Text(w, 3, output);
            Text(w, 4, type);
            foreach ((string name, object value) in attributes)
            {
                Bytes(w, 5, Attribute(name, value));
            }
        }));
        return output;
    }

    /// <summary>The model's bytes.</summary>
    /// <param name="name">Name of the graph.</param>
    public byte[] Build(string name) => Message(w =>
    {
        Long(w, 1, IrVersion);
        Text(w, 2, "OneRec.Spark");
        Bytes(w, 7, Message(graph =>
        {
            _nodes.ForEach(n => Bytes(graph, 1, n));
            Text(graph, 2, name);
            _initializers.ForEach(i => Bytes(graph, 5, i));
            _inputs.ForEach(i => Bytes(graph, 11, i));
            _outputs.ForEach(o => Bytes(graph, 12, o));
        }));
        Bytes(w, 8, Message(opset =>
        {
            Text(opset, 1, "");
            Long(opset, 2, Opset);
        }));
    });

    private string Initializer(long[] shape, int type, byte[] raw)
    {
        string name = $"c{_names++}";
        _initializers.Add(Message(w =>
        {
            foreach (long d in shape)
            {
                Long(w, 1, d);
            }

            Long(w, 2, type);
            Text(w, 8, name);
            Bytes(w, 9, raw);
        }));
        return name;
    }

    private static byte[] Attribute(string name, object value) => Message(w =>
    {
        Text(w, 1, name);
        switch (value)
        {
            case float number:
                w.WriteTag(2, WireFormat.WireType.Fixed32);
                w.WriteFloat(number);
                Long(w, 20, 1);
                break;
            case long whole:
                Long(w, 3, whole);
                Long(w, 20, 2);
                break;
            case long[] list:
                foreach (long each in list)
                {
                    Long(w, 8, each);
                }

                Long(w, 20, 7);
                break;
            default:
                throw new ArgumentException($"attribute {name} is a {value.GetType().Name}", nameof(value));
        }
    });

    private static byte[] ValueInfo(string name, ReadOnlySpan<object> dimensions)
    {
        object[] axes = dimensions.ToArray();
        byte[] shape = Message(w =>
        {
            foreach (object axis in axes)
            {
                Bytes(w, 1, Message(d =>
                {
                    if (axis is string free)
                    {
                        Text(d, 2, free);
                    }
                    else
                    {
                        Long(d, 1, Convert.ToInt64(axis, System.Globalization.CultureInfo.InvariantCulture));
                    }
                }));
            }
        });
        byte[] tensor = Message(w =>
        {
            Long(w, 1, FloatType);
            Bytes(w, 2, shape);
        });
        return Message(w =>
        {
            Text(w, 1, name);
            Bytes(w, 2, Message(type => Bytes(type, 1, tensor)));
        });
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using var bytes = new MemoryStream();
        using (var output = new CodedOutputStream(bytes, leaveOpen: true))
        {
            write(output);
        }

        return bytes.ToArray();
    }

    private static void Long(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Text(CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    private static void Bytes(CodedOutputStream output, int field, byte[] value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(value));
    }
}
