using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using TorchSharp;
using static TorchSharp.torch;

namespace OneRec.Alignment.Export;

/// <summary>Writes a trained encoder as an ONNX model: token vectors and masks in, the embedding out.</summary>
/// <remarks>
/// For block b the inputs are <c>tokens_b</c> [batch, length_b, dimensions] and <c>mask_b</c> [batch, length_b], both float;
/// the output is <c>embedding</c> [batch, dimensions].
/// </remarks>
internal static class EncoderExport
{
    /// <summary>Name of the output.</summary>
    public const string Output = "embedding";

    /// <summary>Name of a block's token vectors.</summary>
    public static string TokensOf(int block) => $"tokens_{block}";

    /// <summary>Name of a block's mask.</summary>
    public static string MaskOf(int block) => $"mask_{block}";

    /// <summary>The bytes of the ONNX model.</summary>
    public static byte[] Write(ItemEncoder encoder)
    {
        using IDisposable plain = no_grad();
        using DisposeScope scope = NewDisposeScope();
        return encoder switch
        {
            QFormer qformer => new QFormerGraph(qformer).Build(),
            LinearMap linear => LinearGraph.Build(linear),
            _ => throw new ArgumentException($"no ONNX graph of {encoder.GetType().Name}", nameof(encoder)),
        };
    }
}

/// <summary>Parts that the graphs share.</summary>
internal static class GraphParts
{
    /// <summary>Adds the inputs of a block.</summary>
    public static (string Tokens, string Mask) Block(OnnxGraph graph, int block, int dimensions) => (
        graph.Input(EncoderExport.TokensOf(block), "batch", $"length_{block}", dimensions),
        graph.Input(EncoderExport.MaskOf(block), "batch", $"length_{block}"));

    /// <summary>Adds x W^T.</summary>
    public static string Linear(OnnxGraph graph, string x, Tensor matrix)
    {
        Tensor turned = matrix.t().contiguous();
        return graph.Node("MatMul", [x, graph.Constant(turned.shape, turned.data<float>().ToArray())]);
    }

    /// <summary>Adds a constant.</summary>
    public static string Constant(OnnxGraph graph, Tensor values) =>
        graph.Constant(values.shape, values.contiguous().data<float>().ToArray());

    /// <summary>Joins values along an axis.</summary>
    public static string Concat(OnnxGraph graph, IReadOnlyList<string> parts, long axis) =>
        parts.Count == 1 ? parts[0] : graph.Node("Concat", parts, ("axis", axis));

    /// <summary>Scales the last axis to length 1.</summary>
    public static string Normalized(OnnxGraph graph, string x)
    {
        string length = graph.Node("ReduceL2", [x], ("axes", new[] { -1L }), ("keepdims", 1L));
        return graph.Node("Div", [x, graph.Node("Max", [length, graph.Scalar(1e-12)])]);
    }

    /// <summary>Ends the graph with the embedding.</summary>
    public static byte[] Finish(OnnxGraph graph, string embedding, int dimensions, string name)
    {
        graph.Node("Identity", [embedding], EncoderExport.Output);
        graph.Output(EncoderExport.Output, "batch", dimensions);
        return graph.Build(name);
    }
}

/// <summary>The graph of a QFormer.</summary>
internal sealed class QFormerGraph(QFormer qformer)
{
    private readonly OnnxGraph _graph = new();
    private readonly QFormerShape _shape = qformer.Shape;

    /// <summary>The model's bytes.</summary>
    public byte[] Build()
    {
        var tokens = new List<string>();
        var masks = new List<string>();
        for (int b = 0; b < _shape.Blocks.Count; b++)
        {
            (string own, string mask) = GraphParts.Block(_graph, b, _shape.Blocks[b].Dimensions);
            string projected = GraphParts.Linear(_graph, own, qformer.Blocks[b].Projection.mul(Scalars.Of(_shape.Blocks[b].Scale)));
            tokens.Add(_graph.Node("Add", [projected, GraphParts.Constant(_graph, qformer.Blocks[b].Type)]));
            masks.Add(mask);
        }

        string hidden = _graph.Node("Sub", [_graph.Scalar(1), GraphParts.Concat(_graph, masks, 1)]);
        string bias = _graph.Node(
            "Reshape", [_graph.Node("Mul", [hidden, _graph.Scalar(Attention.Hidden)]), _graph.Whole(0, 1, 1, -1)]);
        string memory = Norm(GraphParts.Concat(_graph, tokens, 1), qformer.MemoryNorm);
        Tensor[] parts = qformer.Memory.chunk(2 * _shape.Layers, 0);
        string queries = GraphParts.Constant(_graph, qformer.Queries.unsqueeze(0));
        for (int l = 0; l < _shape.Layers; l++)
        {
            string keys = Heads(GraphParts.Linear(_graph, memory, parts[2 * l]), turned: true);
            string values = Heads(GraphParts.Linear(_graph, memory, parts[(2 * l) + 1]));
            queries = Layer(qformer.Layers[l], queries, keys, values, bias);
        }

        string output = Norm(queries, qformer.OutputNorm);
        string joined = _shape.Concat
            ? _graph.Node("Reshape", [output, _graph.Whole(0, qformer.Dimensions)])
            : _graph.Node("ReduceMean", [output], ("axes", new[] { 1L }), ("keepdims", 0L));
        return GraphParts.Finish(
            _graph, _shape.Normalize ? GraphParts.Normalized(_graph, joined) : joined, qformer.Dimensions, "qformer");
    }

    private string Layer(QFormerLayer layer, string queries, string keys, string values, string bias)
    {
        string own = GraphParts.Linear(_graph, layer.QueryNorm is { } norm ? Norm(queries, norm) : queries, layer.Query);
        string after = Join(queries, GraphParts.Linear(_graph, Attend(Heads(own), keys, values, bias), layer.Output));
        if (layer.Self is not null)
        {
            string normed = Norm(after, layer.SelfNorm!);
            Tensor[] parts = layer.Self.chunk(3, 0);
            string read = Attend(
                Heads(GraphParts.Linear(_graph, normed, parts[0])),
                Heads(GraphParts.Linear(_graph, normed, parts[1]), turned: true),
                Heads(GraphParts.Linear(_graph, normed, parts[2])),
                null);
            after = Join(after, GraphParts.Linear(_graph, read, layer.SelfOutput!));
        }

        string x = Norm(after, layer.ForwardNorm);
        string gate = GraphParts.Linear(_graph, x, layer.Forward.Gate);
        string silu = _graph.Node("Mul", [gate, _graph.Node("Sigmoid", [gate])]);
        string hidden = _graph.Node("Mul", [silu, GraphParts.Linear(_graph, x, layer.Forward.Up)]);
        return Join(after, GraphParts.Linear(_graph, hidden, layer.Forward.Down));
    }

    private string Attend(string queries, string keys, string values, string? bias)
    {
        string scaled = _graph.Node("Mul", [queries, _graph.Scalar(1 / Math.Sqrt((double)_shape.Width / _shape.Heads))]);
        string scores = _graph.Node("MatMul", [scaled, keys]);
        string weights = _graph.Node("Softmax", [bias is null ? scores : _graph.Node("Add", [scores, bias])], ("axis", -1L));
        string read = _graph.Node("Transpose", [_graph.Node("MatMul", [weights, values])], ("perm", new[] { 0L, 2, 1, 3 }));
        return _graph.Node("Reshape", [read, _graph.Whole(0, 0, _shape.Width)]);
    }

    // [batch, n, heads * d] to [batch, heads, n, d], or to [batch, heads, d, n].
    private string Heads(string x, bool turned = false)
    {
        string split = _graph.Node("Reshape", [x, _graph.Whole(0, 0, _shape.Heads, _shape.Width / _shape.Heads)]);
        return _graph.Node("Transpose", [split], ("perm", turned ? new[] { 0L, 2, 3, 1 } : [0L, 2, 1, 3]));
    }

    private string Norm(string x, RmsNorm norm)
    {
        string mean = _graph.Node("ReduceMean", [_graph.Node("Mul", [x, x])], ("axes", new[] { -1L }), ("keepdims", 1L));
        string root = _graph.Node("Sqrt", [_graph.Node("Add", [mean, _graph.Scalar(norm.Epsilon)])]);
        return _graph.Node("Mul", [_graph.Node("Div", [x, root]), GraphParts.Constant(_graph, norm.Gain)]);
    }

    private string Join(string before, string part) => _shape.Residual ? _graph.Node("Add", [before, part]) : part;
}

/// <summary>The graph of a linear map of the pooled embedding.</summary>
internal static class LinearGraph
{
    /// <summary>The model's bytes.</summary>
    public static byte[] Build(LinearMap map)
    {
        var graph = new OnnxGraph();
        string[] means = [.. map.Blocks.Select((block, b) => Mean(graph, b, block))];
        string mapped = GraphParts.Linear(graph, GraphParts.Concat(graph, means, 1), map.Map);
        return GraphParts.Finish(
            graph, map.Normalize ? GraphParts.Normalized(graph, mapped) : mapped, map.Dimensions, "linear");
    }

    private static string Mean(OnnxGraph graph, int block, TokenBlockShape shape)
    {
        (string tokens, string mask) = GraphParts.Block(graph, block, shape.Dimensions);
        string column = graph.Node("Unsqueeze", [mask, graph.Whole(-1)]);
        string sum = graph.Node("ReduceSum", [graph.Node("Mul", [tokens, column]), graph.Whole(1)], ("keepdims", 0L));
        string count = graph.Node("Max", [graph.Node("ReduceSum", [mask, graph.Whole(1)], ("keepdims", 1L)), graph.Scalar(1)]);
        string mean = GraphParts.Normalized(graph, graph.Node("Div", [sum, count]));
        return graph.Node("Mul", [mean, graph.Scalar(shape.Weight)]);
    }
}
