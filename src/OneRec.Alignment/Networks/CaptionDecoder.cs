using OneRec.Alignment.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OneRec.Alignment.Networks;

/// <summary>The shape of a caption decoder.</summary>
internal sealed record DecoderShape
{
    /// <summary>Number of tokens.</summary>
    public required int Vocabulary { get; init; }

    /// <summary>Length of the vectors that are read as prefix.</summary>
    public required int Prefix { get; init; }

    /// <summary>Width; a multiple of <see cref="Heads"/>, with an even width a head.</summary>
    public int Width { get; init; } = 128;

    /// <summary>Number of layers.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>Attention heads of queries.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Attention heads of keys and values; <see cref="Heads"/> is a multiple of it.</summary>
    public int KeyHeads { get; init; } = 2;

    /// <summary>Width of the feed-forward networks.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>Base of the rotary frequencies.</summary>
    public double RotaryBase { get; init; } = 500_000;

    /// <summary>Added to the mean squares that are normalized.</summary>
    public double Epsilon { get; init; } = RmsNorm.DefaultEpsilon;

    /// <summary>Whether the output uses the matrix of token vectors.</summary>
    public bool Tied { get; init; } = true;
}

/// <summary>
/// A decoder of LLaMA's architecture (Touvron et al., arXiv 2302.13971; grouped-query attention: Ainslie et al., EMNLP 2023):
/// it reads an item's queries as prefix and predicts its caption, token by token.
/// </summary>
/// <remarks>Weights have the names that LLaMA 3 has in safetensors files; <c>prefix.weight</c> is ours.</remarks>
internal sealed class CaptionDecoder : IDisposable
{
    /// <summary>Name of the matrix that projects the prefix, which is no part of LLaMA.</summary>
    internal const string PrefixName = "prefix.weight";

    private readonly Parameter _prefix;
    private readonly Parameter _tokens;
    private readonly Parameter _head;
    private readonly RmsNorm _norm;
    private readonly DecoderLayer[] _layers;

    /// <summary>Draws the initial weights.</summary>
    public CaptionDecoder(DecoderShape shape, long seed)
    {
        Shape = shape;
        Parameters = new ParameterSet(seed);
        _prefix = Parameters.Matrix(PrefixName, shape.Width, shape.Prefix);
        _tokens = Parameters.Normal("model.embed_tokens.weight", shape.Tied ? 1 / Math.Sqrt(shape.Width) : 1, shape.Vocabulary, shape.Width);
        _layers = [.. Enumerable.Range(0, shape.Layers).Select(l => new DecoderLayer(Parameters, shape, l))];
        _norm = new RmsNorm(Parameters.Ones("model.norm.weight", shape.Width), shape.Epsilon);
        _head = shape.Tied ? _tokens : Parameters.Matrix("lm_head.weight", shape.Vocabulary, shape.Width);
    }

    /// <summary>The shape.</summary>
    public DecoderShape Shape { get; }

    /// <summary>Its weights.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Logits of the tokens of captions, each from the prefix and the tokens before it.</summary>
    /// <param name="prefix">[items, q, prefix].</param>
    /// <param name="inputs">All tokens but the last of each caption, padded at the end, [items, length].</param>
    /// <param name="dropout">Random zeros in training; null for none.</param>
    /// <returns>[items, 1 + length, vocabulary]: the first is that of the first token.</returns>
    public Tensor Logits(Tensor prefix, Tensor inputs, RandomZeros? dropout = null)
    {
        (long items, long q, long length) = (prefix.shape[0], prefix.shape[1], inputs.shape[1]);
        Tensor read = nn.functional.linear(prefix, _prefix);
        Tensor words = _tokens.index_select(0, inputs.reshape(-1)).reshape(items, length, Shape.Width);
        Tensor x = cat([read, words], 1);
        x = dropout?.Of(x) ?? x;
        Rotary rotary = Rotary.Of(q + length, Shape.Width / Shape.Heads, Shape.RotaryBase);
        Tensor causal = Causal((int)(q + length));
        foreach (DecoderLayer layer in _layers)
        {
            x = layer.Of(x, rotary, causal, dropout);
        }

        Tensor last = _norm.Of(x.narrow(1, q - 1, 1 + length));
        return nn.functional.linear(last, _head);
    }

    // Hides later positions.
    private static Tensor Causal(int n)
    {
        var mask = new float[n * n];
        for (int i = 0; i < n; i++)
        {
            mask.AsSpan((i * n) + i + 1, n - i - 1).Fill(Attention.Hidden);
        }

        return tensor(mask, [n, n]);
    }

    /// <summary>The sum of the negative log-likelihoods of all tokens.</summary>
    /// <param name="prefix">[items, q, prefix].</param>
    /// <param name="captions">The tokens of each caption, at least 1.</param>
    /// <param name="dropout">Random zeros in training; null for none.</param>
    /// <returns>A scalar.</returns>
    public Tensor Loss(Tensor prefix, IReadOnlyList<int[]> captions, RandomZeros? dropout = null)
    {
        int longest = captions.Max(c => c.Length);
        var inputs = new long[captions.Count * (longest - 1)];
        var targets = new long[captions.Count * longest];
        Array.Fill(targets, -100);
        for (int i = 0; i < captions.Count; i++)
        {
            int[] caption = captions[i];
            for (int t = 0; t < caption.Length; t++)
            {
                targets[(i * longest) + t] = caption[t];
                if (t < longest - 1)
                {
                    inputs[(i * (longest - 1)) + t] = caption[t];
                }
            }
        }

        Tensor logits = Logits(prefix, tensor(inputs, [captions.Count, longest - 1]), dropout);
        return nn.functional.cross_entropy(
            logits.reshape(-1, Shape.Vocabulary), tensor(targets), ignore_index: -100, reduction: nn.Reduction.Sum);
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();
}

/// <summary>One layer of a decoder: x += Attention(RMSNorm(x)); x += SwiGLU(RMSNorm(x)).</summary>
internal sealed class DecoderLayer
{
    private readonly DecoderShape _shape;
    private readonly RmsNorm _attentionNorm;
    private readonly Parameter _query;
    private readonly Parameter _key;
    private readonly Parameter _value;
    private readonly Parameter _output;
    private readonly RmsNorm _forwardNorm;
    private readonly SwiGlu _forward;

    /// <summary>Draws the initial weights.</summary>
    public DecoderLayer(ParameterSet parameters, DecoderShape shape, int layer)
    {
        _shape = shape;
        string name = $"model.layers.{layer}";
        long width = shape.Width;
        long keys = width / shape.Heads * shape.KeyHeads;
        double output = 1 / Math.Sqrt(2 * shape.Layers);
        _attentionNorm = new RmsNorm(parameters.Ones($"{name}.input_layernorm.weight", width), shape.Epsilon);
        _query = parameters.Matrix($"{name}.self_attn.q_proj.weight", width, width);
        _key = parameters.Matrix($"{name}.self_attn.k_proj.weight", keys, width);
        _value = parameters.Matrix($"{name}.self_attn.v_proj.weight", keys, width);
        _output = parameters.Matrix($"{name}.self_attn.o_proj.weight", width, width, output);
        _forwardNorm = new RmsNorm(parameters.Ones($"{name}.post_attention_layernorm.weight", width), shape.Epsilon);
        _forward = new SwiGlu(
            parameters.Matrix($"{name}.mlp.gate_proj.weight", shape.Hidden, width),
            parameters.Matrix($"{name}.mlp.up_proj.weight", shape.Hidden, width),
            parameters.Matrix($"{name}.mlp.down_proj.weight", width, shape.Hidden, output));
    }

    /// <summary>The layer's output.</summary>
    /// <param name="x">[items, n, width].</param>
    /// <param name="rotary">Rotations of n positions.</param>
    /// <param name="causal">[n, n], hides later positions.</param>
    /// <param name="dropout">Random zeros in training; null for none.</param>
    public Tensor Of(Tensor x, Rotary rotary, Tensor causal, RandomZeros? dropout)
    {
        Tensor normed = _attentionNorm.Of(x);
        Tensor queries = rotary.Turn(Attention.Heads(nn.functional.linear(normed, _query), _shape.Heads));
        Tensor keys = rotary.Turn(Attention.Heads(nn.functional.linear(normed, _key), _shape.KeyHeads));
        Tensor values = Attention.Heads(nn.functional.linear(normed, _value), _shape.KeyHeads);
        long group = _shape.Heads / _shape.KeyHeads;
        Tensor read = Attention.Of(queries, Grouped(keys, group), Grouped(values, group), causal);
        Tensor part = nn.functional.linear(read, _output);
        Tensor after = x.Plus(dropout?.Of(part) ?? part);
        Tensor forward = _forward.Of(_forwardNorm.Of(after));
        return after.Plus(dropout?.Of(forward) ?? forward);
    }

    // Each head of keys serves as many heads of queries, which are adjacent.
    private static Tensor Grouped(Tensor heads, long group) => group == 1 ? heads : heads.repeat_interleave(group, 1);
}

/// <summary>
/// Rotary positions (Su et al., arXiv 2104.09864), in the layout of LLaMA's files: the first half of a head's dimensions is
/// paired with the second half.
/// </summary>
/// <param name="cosines">[n, d].</param>
/// <param name="sines">[n, d].</param>
internal sealed class Rotary(Tensor cosines, Tensor sines)
{
    /// <summary>The rotations of positions 0 to n - 1.</summary>
    /// <param name="n">Number of positions.</param>
    /// <param name="d">Dimensions of a head, even.</param>
    /// <param name="rotaryBase">theta: pair i turns by position * theta^(-2i / d).</param>
    public static Rotary Of(long n, long d, double rotaryBase)
    {
        var cosines = new float[n * d];
        var sines = new float[n * d];
        for (long p = 0; p < n; p++)
        {
            for (long i = 0; i < d / 2; i++)
            {
                double angle = p * Math.Pow(rotaryBase, -2.0 * i / d);
                cosines[(p * d) + i] = cosines[(p * d) + i + (d / 2)] = (float)Math.Cos(angle);
                sines[(p * d) + i] = sines[(p * d) + i + (d / 2)] = (float)Math.Sin(angle);
            }
        }

        return new Rotary(tensor(cosines, [n, d]), tensor(sines, [n, d]));
    }

    /// <summary>Turns vectors by their positions.</summary>
    /// <param name="x">[items, heads, n, d].</param>
    public Tensor Turn(Tensor x)
    {
        Tensor[] halves = x.chunk(2, -1);
        return (x * cosines).Plus(cat([-halves[1], halves[0]], -1) * sines);
    }
}
