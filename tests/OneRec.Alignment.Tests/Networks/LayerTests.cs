using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using OneRec.Core;
using static TorchSharp.torch;

namespace OneRec.Alignment.Tests.Networks;

/// <summary>Layers against plain loops in double, written from the papers' formulas.</summary>
public sealed class LayerTests
{
    public LayerTests() => TorchRuntime.Require();

    [Theory]
    [InlineData(1, 1, 1, 4)]
    [InlineData(2, 4, 7, 8)]
    [InlineData(4, 3, 20, 6)]
    public void Attention_is_the_softmax_weighted_mean_of_values(int heads, int q, int k, int d)
    {
        var random = new SplitMix64((ulong)(heads + (10 * k)));
        float[] queries = Items.Draw(ref random, heads * q * d, 1);
        float[] keys = Items.Draw(ref random, heads * k * d, 1);
        float[] values = Items.Draw(ref random, heads * k * d, 1);
        float[] bias = [.. Enumerable.Range(0, k).Select(t => t % 3 == 2 ? Attention.Hidden : 0)];

        using Tensor read = Attention.Of(
            tensor(queries, [1, heads, q, d]), tensor(keys, [1, heads, k, d]), tensor(values, [1, heads, k, d]), tensor(bias, [1, 1, 1, k]));

        float[] got = read.data<float>().ToArray();
        for (int h = 0; h < heads; h++)
        {
            for (int i = 0; i < q; i++)
            {
                double[] weights = new double[k];
                for (int j = 0; j < k; j++)
                {
                    double score = 0;
                    for (int t = 0; t < d; t++)
                    {
                        score += (double)queries[(((h * q) + i) * d) + t] * keys[(((h * k) + j) * d) + t];
                    }

                    weights[j] = j % 3 == 2 ? 0 : Math.Exp(score / Math.Sqrt(d));
                }

                for (int t = 0; t < d; t++)
                {
                    double expected = Enumerable.Range(0, k).Sum(j => weights[j] * values[(((h * k) + j) * d) + t]) / weights.Sum();
                    Assert.Equal(expected, got[(i * heads * d) + (h * d) + t], 1e-5);
                }
            }
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(9, 8)]
    public void Rotary_positions_turn_pairs_of_dimensions_by_their_angle(int n, int d)
    {
        var random = new SplitMix64(5);
        float[] x = Items.Draw(ref random, n * d, 1);

        using Tensor turned = Rotary.Of(n, d, 10_000).Turn(tensor(x, [1, 1, n, d]));

        float[] got = turned.data<float>().ToArray();
        for (int p = 0; p < n; p++)
        {
            for (int i = 0; i < d / 2; i++)
            {
                double angle = p / Math.Pow(10_000, 2.0 * i / d);
                double a = x[(p * d) + i];
                double b = x[(p * d) + i + (d / 2)];
                Assert.Equal((a * Math.Cos(angle)) - (b * Math.Sin(angle)), got[(p * d) + i], 1e-5);
                Assert.Equal((b * Math.Cos(angle)) + (a * Math.Sin(angle)), got[(p * d) + i + (d / 2)], 1e-5);
            }
        }
    }

    [Fact]
    public void RMSNorm_divides_by_the_root_of_the_mean_square()
    {
        using var parameters = new ParameterSet(1);
        using Tensor gain = tensor(new[] { 1f, 2, 3, -1 });
        var norm = new RmsNorm(parameters.Add("gain", gain), 0);

        using Tensor got = norm.Of(tensor(new[] { 1f, 2, -3, 4 }, [1, 4]));

        double root = Math.Sqrt(30 / 4.0);
        Assert.Equal([1 / root, 4 / root, -9 / root, -4 / root], got.data<float>().ToArray().Select(v => (double)v), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void SwiGLU_is_the_gated_product()
    {
        using var parameters = new ParameterSet(1);
        using Tensor gate = tensor(new[] { 2f }, [1, 1]);
        using Tensor up = tensor(new[] { 3f }, [1, 1]);
        using Tensor down = tensor(new[] { 5f }, [1, 1]);
        var network = new SwiGlu(parameters.Add("gate", gate), parameters.Add("up", up), parameters.Add("down", down));

        using Tensor got = network.Of(tensor(new[] { 0.5f }, [1, 1]));

        Assert.Equal(5 * (1 / (1 + Math.Exp(-1))) * 1.5, got.item<float>(), 1e-5);
    }
}
