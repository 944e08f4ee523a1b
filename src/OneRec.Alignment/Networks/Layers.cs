using OneRec.Alignment.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OneRec.Alignment.Networks;

/// <summary>RMSNorm with a learned gain (Zhang, Sennrich, NeurIPS 2019).</summary>
/// <param name="gain">[d].</param>
/// <param name="epsilon">Added to the mean square.</param>
internal sealed class RmsNorm(Parameter gain, double epsilon = RmsNorm.DefaultEpsilon)
{
    /// <summary>As LLaMA has it.</summary>
    public const double DefaultEpsilon = 1e-5;

    /// <summary>The gain, [d].</summary>
    public Parameter Gain => gain;

    /// <summary>Added to the mean square.</summary>
    public double Epsilon => epsilon;

    /// <summary>Normalizes the last axis.</summary>
    public Tensor Of(Tensor x) => x * rsqrt((x * x).mean([-1], keepdim: true).Plus(epsilon)) * gain;
}

/// <summary>The feed-forward network SwiGLU without biases: W2 (silu(W1 x) * W3 x) (Shazeer, arXiv 2002.05202).</summary>
internal sealed class SwiGlu(Parameter gate, Parameter up, Parameter down)
{
    /// <summary>W1, [hidden, d].</summary>
    public Parameter Gate => gate;

    /// <summary>W3, [hidden, d].</summary>
    public Parameter Up => up;

    /// <summary>W2, [d, hidden].</summary>
    public Parameter Down => down;

    /// <summary>Transforms the last axis.</summary>
    public Tensor Of(Tensor x) => nn.functional.linear(nn.functional.silu(nn.functional.linear(x, gate)) * nn.functional.linear(x, up), down);
}

/// <summary>Multi-head attention over given keys and values, without biases (Vaswani et al., NeurIPS 2017, section 3.2).</summary>
internal static class Attention
{
    /// <summary>What is added to the score of a key that must not be seen: its weight becomes exactly 0.</summary>
    public const float Hidden = -1e9f;

    /// <summary>Weighted means of values.</summary>
    /// <param name="queries">[items, heads, q, d].</param>
    /// <param name="keys">[items, heads, k, d].</param>
    /// <param name="values">[items, heads, k, d].</param>
    /// <param name="bias">Added to the scores, broadcast to [items, heads, q, k]; null for none.</param>
    /// <returns>[items, q, heads * d].</returns>
    public static Tensor Of(Tensor queries, Tensor keys, Tensor values, Tensor? bias)
    {
        long[] shape = queries.shape;
        Tensor scores = matmul(queries.mul(Scalars.Of(1 / Math.Sqrt(shape[3]))), keys.transpose(2, 3));
        Tensor weights = nn.functional.softmax(bias is null ? scores : scores.Plus(bias), -1);
        return matmul(weights, values).transpose(1, 2).reshape(shape[0], shape[2], shape[1] * shape[3]);
    }

    /// <summary>Splits the last axis into heads: [items, n, heads * d] to [items, heads, n, d].</summary>
    public static Tensor Heads(Tensor x, long heads)
    {
        long[] shape = x.shape;
        return x.reshape(shape[0], shape[1], heads, shape[2] / heads).transpose(1, 2);
    }
}
