using System.Buffers.Binary;

namespace OneRec.Testing.Onnx;

/// <summary>Parts of an ONNX file by the field numbers of onnx.proto.</summary>
internal static class OnnxParts
{
    public const int FloatType = 1;
    public const int WholeType = 7;

    public static byte[] Model(ProtoWriter graph, int opset, int format) => new ProtoWriter()
        .Whole(1, format)
        .Message(7, graph)
        .Message(8, new ProtoWriter().Text(1, "").Whole(2, opset))
        .ToArray();

    public static ProtoWriter Axes(params int[] axes) => Whole("axes", axes);

    public static ProtoWriter Permutation(params int[] axes) => Whole("perm", axes);

    public static ProtoWriter Node(string operation, string[] inputs, string output)
    {
        var node = new ProtoWriter();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        return node.Text(2, output).Text(3, operation + "_" + output).Text(4, operation);
    }

    public static ProtoWriter Attribute(string name, long value) =>
        new ProtoWriter().Text(1, name).Whole(3, value).Whole(20, 2);

    public static ProtoWriter Axis(string name, long value)
    {
        var raw = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(raw, value);
        return new ProtoWriter().Whole(1, 1).Whole(2, WholeType).Text(8, name).Bytes(9, raw);
    }

    public static ProtoWriter Value(string name, int type, params int[] shape)
    {
        var dimensions = new ProtoWriter();
        for (int i = 0; i < shape.Length; i++)
        {
            dimensions.Message(1, shape[i] < 0 ? new ProtoWriter().Text(2, $"{name}_{i}") : new ProtoWriter().Whole(1, shape[i]));
        }

        var tensor = new ProtoWriter().Whole(1, type).Message(2, dimensions);
        return new ProtoWriter().Text(1, name).Message(2, new ProtoWriter().Message(1, tensor));
    }

    private static ProtoWriter Whole(string name, int[] values)
    {
        ProtoWriter attribute = new ProtoWriter().Text(1, name);
        foreach (int value in values)
        {
            attribute.Whole(8, value);
        }

        return attribute.Whole(20, 7);
    }
}
