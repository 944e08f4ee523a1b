using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OneRec.Alignment.Compare;

/// <summary>
/// An RQ-VAE (Lee et al., CVPR 2022; for semantic IDs Rajput et al., NeurIPS 2023): an encoder, a codebook for each level over what
/// the levels before leave, and a decoder, trained together.
/// </summary>
/// <remarks>
/// Encoder and decoder are perceptrons with ReLU. A level takes the nearest of its codes; the gradient passes it unchanged
/// (straight-through). The loss is the squared error of the decoder's output, plus, for each level, that of the codes towards what
/// they stand for, plus the commitment of what they stand for towards them. All per item, summed over dimensions.
/// </remarks>
internal sealed class RqVae : IDisposable
{
    private const double Commitment = 0.25;
    private const int Latent = 32;

    private readonly (Parameter Weight, Parameter Bias)[] _encoder;
    private readonly (Parameter Weight, Parameter Bias)[] _decoder;
    private readonly Parameter[] _codes;

    /// <summary>Draws the initial weights.</summary>
    /// <param name="d">Length of an embedding.</param>
    /// <param name="sizes">Number of codes at each level.</param>
    /// <param name="seed">Seed.</param>
    public RqVae(int d, IReadOnlyList<int> sizes, long seed)
    {
        Parameters = new ParameterSet(seed);
        int[] widths = [d, 256, 128, Latent];
        _encoder = [.. Layers("encoder", widths)];
        _decoder = [.. Layers("decoder", [.. widths.Reverse()])];
        _codes = [.. sizes.Select((n, level) => Parameters.Normal($"codes.{level}", 1, n, Latent))];
    }

    /// <summary>The weights.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>Number of levels.</summary>
    public int Levels => _codes.Length;

    /// <summary>The loss of a batch.</summary>
    /// <param name="x">[n, d].</param>
    /// <returns>A scalar, the mean over items; and the codes of each item, [levels, n].</returns>
    public (Tensor Loss, long[][] Codes) Loss(Tensor x)
    {
        Tensor z = Apply(_encoder, x);
        Tensor left = z;
        Tensor loss = zeros(1);
        var codes = new long[Levels][];
        Tensor? sum = null;
        for (int level = 0; level < Levels; level++)
        {
            Tensor chosen = Nearest(left.detach(), _codes[level].detach());
            codes[level] = chosen.data<long>().ToArray();
            Tensor code = _codes[level].index_select(0, chosen);
            loss = loss.Plus(Squares(code - left.detach())).Plus(Squares(left - code.detach()).mul(Scalars.Of(Commitment)));
            left = left - code.detach();
            sum = sum is null ? code.detach() : sum.Plus(code.detach());
        }

        Tensor passed = z.Plus((sum! - z).detach());
        return (loss.Plus(Squares(Apply(_decoder, passed) - x)), codes);
    }

    /// <summary>The encoder's output, and what each level leaves of it.</summary>
    /// <param name="x">[n, d].</param>
    /// <returns>levels + 1 tensors [n, latent]; and the codes, [levels, n].</returns>
    public (Tensor[] Left, long[][] Codes) Encode(Tensor x)
    {
        var left = new Tensor[Levels + 1];
        left[0] = Apply(_encoder, x);
        var codes = new long[Levels][];
        for (int level = 0; level < Levels; level++)
        {
            Tensor chosen = Nearest(left[level], _codes[level]);
            codes[level] = chosen.data<long>().ToArray();
            left[level + 1] = left[level] - _codes[level].index_select(0, chosen);
        }

        return (left, codes);
    }

    /// <summary>What the decoder makes of the first levels of an encoding.</summary>
    /// <param name="left">As returned by <see cref="Encode"/>.</param>
    /// <param name="levels">Number of levels, at least 1.</param>
    public Tensor Decode(Tensor[] left, int levels) => Apply(_decoder, left[0] - left[levels]);

    /// <summary>Replaces codes of a level.</summary>
    /// <param name="level">The level.</param>
    /// <param name="codes">Places of the codes.</param>
    /// <param name="vectors">[codes, latent].</param>
    public void Replace(int level, long[] codes, Tensor vectors)
    {
        using IDisposable plain = no_grad();
        _codes[level].index_copy_(0, tensor(codes), vectors);
    }

    /// <inheritdoc/>
    public void Dispose() => Parameters.Dispose();

    /// <summary>The nearest code of each row.</summary>
    /// <param name="rows">[n, latent].</param>
    /// <param name="codes">[codes, latent].</param>
    internal static Tensor Nearest(Tensor rows, Tensor codes) =>
        ((codes * codes).sum(1) - matmul(rows, codes.t()).mul(Scalars.Of(2))).argmin(1);

    private static Tensor Squares(Tensor difference) => (difference * difference).sum(1).mean().reshape(1);

    private static Tensor Apply((Parameter Weight, Parameter Bias)[] layers, Tensor x)
    {
        for (int i = 0; i < layers.Length; i++)
        {
            x = nn.functional.linear(x, layers[i].Weight).Plus(layers[i].Bias);
            x = i < layers.Length - 1 ? nn.functional.relu(x) : x;
        }

        return x;
    }

    private IEnumerable<(Parameter Weight, Parameter Bias)> Layers(string name, int[] widths)
    {
        for (int i = 1; i < widths.Length; i++)
        {
            using Tensor bias = zeros(widths[i]);
            yield return (Parameters.Matrix($"{name}.{i}.weight", widths[i], widths[i - 1], Math.Sqrt(2)), Parameters.Add($"{name}.{i}.bias", bias));
        }
    }
}
