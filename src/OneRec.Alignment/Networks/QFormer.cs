using OneRec.Alignment.Native;
using OneRec.Alignment.Tokens;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OneRec.Alignment.Networks;

/// <summary>The shape of a QFormer.</summary>
internal sealed record QFormerShape
{
    /// <summary>The blocks of token vectors.</summary>
    public required IReadOnlyList<TokenBlockShape> Blocks { get; init; }

    /// <summary>Number of learned queries.</summary>
    public int Queries { get; init; } = 4;

    /// <summary>Number of layers.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Width of queries and tokens inside; a multiple of <see cref="Heads"/>.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Attention heads.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Width of the feed-forward networks.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>Whether queries attend to each other, after they attended to the tokens.</summary>
    public bool SelfAttention { get; init; }

    /// <summary>Whether each part adds to its input (pre-norm); otherwise the report's literal formula.</summary>
    public bool Residual { get; init; } = true;

    /// <summary>Whether the queries' outputs are concatenated; otherwise their mean is the embedding.</summary>
    public bool Concat { get; init; } = true;

    /// <summary>Whether embeddings have length 1.</summary>
    public bool Normalize { get; init; } = true;
}

/// <summary>
/// The QFormer (OneRec Technical Report, section 2.1): learned queries read an item's token vectors, layer by layer:
/// Q = CrossAttention(Q, M, M); Q = FFN(RMSNorm(Q)).
/// </summary>
/// <remarks>
/// The tokens of each block are projected to the common width and get the block's type vector. One matrix gives the keys and
/// values of all layers. With residuals, a layer is Q += Attention(RMSNorm(Q), M); Q += FFN(RMSNorm(Q)), and the last layer's
/// outputs are normalized (RMSNorm).
/// </remarks>
internal sealed class QFormer : ItemEncoder
{
    private readonly (Parameter Projection, Parameter Type)[] _blocks;
    private readonly QFormerLayer[] _layers;

    /// <summary>Draws the initial weights.</summary>
    public QFormer(QFormerShape shape, long seed)
    {
        Shape = shape;
        Parameters = new ParameterSet(seed);
        int d = shape.Width;
        Queries = Parameters.Normal("queries", 1, shape.Queries, d);
        _blocks =
        [
            .. shape.Blocks.Select((block, b) => (
                Parameters.Matrix($"blocks.{b}.projection", d, block.Dimensions),
                Parameters.Normal($"blocks.{b}.type", 0.1, d))),
        ];
        MemoryNorm = new RmsNorm(Parameters.Ones("memory.norm", d));
        Memory = Parameters.Matrix("memory.keys_values", 2L * shape.Layers * d, d);
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(l => new QFormerLayer(Parameters, shape, l))];
        OutputNorm = new RmsNorm(Parameters.Ones("norm", d));
    }

    /// <summary>The shape.</summary>
    public QFormerShape Shape { get; }

    /// <inheritdoc/>
    public override ParameterSet Parameters { get; }

    /// <inheritdoc/>
    public override int Dimensions => Shape.Width * (Shape.Concat ? Shape.Queries : 1);

    /// <summary>The learned queries, [q, d].</summary>
    public Parameter Queries { get; }

    /// <summary>For each block its projection [d, dimensions] and its type vector [d].</summary>
    public IReadOnlyList<(Parameter Projection, Parameter Type)> Blocks => _blocks;

    /// <summary>Normalizes projected tokens.</summary>
    public RmsNorm MemoryNorm { get; }

    /// <summary>Keys and values of all layers, [layers * 2 * d, d].</summary>
    public Parameter Memory { get; }

    /// <summary>The layers.</summary>
    public IReadOnlyList<QFormerLayer> Layers => _layers;

    /// <summary>Normalizes the last layer's outputs.</summary>
    public RmsNorm OutputNorm { get; }

    /// <inheritdoc/>
    public override ItemVectors Encode(TokenBatch tokens, RandomZeros? dropout)
    {
        Tensor[] masks = [.. tokens.Blocks.Select(b => dropout?.OfTokens(b.Mask) ?? b.Mask)];
        Tensor mask = masks.Length == 1 ? masks[0] : cat(masks, 1);
        Tensor bias = mask.sub(Scalars.Of(1)).mul(Scalars.Of(-Attention.Hidden)).unsqueeze(1).unsqueeze(1);
        Tensor memory = nn.functional.linear(MemoryNorm.Of(Project(tokens)), Memory);
        Tensor[] parts = memory.chunk(2 * Shape.Layers, -1);
        Tensor queries = Queries.unsqueeze(0).expand(tokens.Items, -1, -1);
        for (int l = 0; l < _layers.Length; l++)
        {
            queries = _layers[l].Of(
                queries, Attention.Heads(parts[2 * l], Shape.Heads), Attention.Heads(parts[(2 * l) + 1], Shape.Heads), bias, dropout);
        }

        Tensor output = OutputNorm.Of(queries);
        Tensor joined = Shape.Concat ? output.reshape(tokens.Items, Dimensions) : output.mean([1]);
        return new ItemVectors(output, Shape.Normalize ? Normalized(joined) : joined);
    }

    private Tensor Project(TokenBatch tokens)
    {
        Tensor[] projected =
        [
            .. tokens.Blocks.Select((block, b) =>
                nn.functional.linear(block.Vectors.mul(Scalars.Of(Shape.Blocks[b].Scale)), _blocks[b].Projection).Plus(_blocks[b].Type)),
        ];
        return projected.Length == 1 ? projected[0] : cat(projected, 1);
    }
}

/// <summary>One layer of a QFormer.</summary>
internal sealed class QFormerLayer
{
    private readonly QFormerShape _shape;

    /// <summary>Draws the initial weights.</summary>
    public QFormerLayer(ParameterSet parameters, QFormerShape shape, int layer)
    {
        _shape = shape;
        int d = shape.Width;

        // As in GPT-2: what is added in all layers together keeps the scale of one.
        double output = shape.Residual ? 1 / Math.Sqrt((shape.SelfAttention ? 3 : 2) * shape.Layers) : 1;
        string name = $"layers.{layer}";
        if (shape.Residual)
        {
            QueryNorm = new RmsNorm(parameters.Ones($"{name}.query_norm", d));
        }

        Query = parameters.Matrix($"{name}.query", d, d);
        Output = parameters.Matrix($"{name}.output", d, d, output);
        if (shape.SelfAttention)
        {
            SelfNorm = new RmsNorm(parameters.Ones($"{name}.self_norm", d));
            Self = parameters.Matrix($"{name}.self", 3L * d, d);
            SelfOutput = parameters.Matrix($"{name}.self_output", d, d, output);
        }

        ForwardNorm = new RmsNorm(parameters.Ones($"{name}.forward_norm", d));
        Forward = new SwiGlu(
            parameters.Matrix($"{name}.gate", shape.Hidden, d),
            parameters.Matrix($"{name}.up", shape.Hidden, d),
            parameters.Matrix($"{name}.down", d, shape.Hidden, output));
    }

    /// <summary>Before attention; null in the report's literal formula.</summary>
    public RmsNorm? QueryNorm { get; }

    /// <summary>[d, d].</summary>
    public Parameter Query { get; }

    /// <summary>[d, d].</summary>
    public Parameter Output { get; }

    /// <summary>Before self-attention; null without.</summary>
    public RmsNorm? SelfNorm { get; }

    /// <summary>Queries, keys and values of self-attention, [3 * d, d]; null without.</summary>
    public Parameter? Self { get; }

    /// <summary>[d, d]; null without self-attention.</summary>
    public Parameter? SelfOutput { get; }

    /// <summary>Before the feed-forward network.</summary>
    public RmsNorm ForwardNorm { get; }

    /// <summary>The feed-forward network.</summary>
    public SwiGlu Forward { get; }

    /// <summary>The queries after this layer.</summary>
    /// <param name="queries">[items, q, d].</param>
    /// <param name="keys">[items, heads, tokens, d / heads].</param>
    /// <param name="values">Likewise.</param>
    /// <param name="bias">[items, 1, 1, tokens].</param>
    /// <param name="dropout">Null for none.</param>
    public Tensor Of(Tensor queries, Tensor keys, Tensor values, Tensor bias, RandomZeros? dropout)
    {
        Tensor own = nn.functional.linear(QueryNorm?.Of(queries) ?? queries, Query);
        Tensor read = nn.functional.linear(Attention.Of(Attention.Heads(own, _shape.Heads), keys, values, bias), Output);
        Tensor after = Join(queries, read, dropout);
        if (Self is not null)
        {
            Tensor[] parts = nn.functional.linear(SelfNorm!.Of(after), Self).chunk(3, -1);
            Tensor[] heads = [.. parts.Select(p => Attention.Heads(p, _shape.Heads))];
            after = Join(after, nn.functional.linear(Attention.Of(heads[0], heads[1], heads[2], null), SelfOutput!), dropout);
        }

        return Join(after, Forward.Of(ForwardNorm.Of(after)), dropout);
    }

    private Tensor Join(Tensor before, Tensor part, RandomZeros? dropout)
    {
        Tensor kept = dropout?.Of(part) ?? part;
        return _shape.Residual ? before.Plus(kept) : kept;
    }
}
