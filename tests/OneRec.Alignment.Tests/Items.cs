using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using OneRec.Alignment.Tokens;
using OneRec.Alignment.Training;
using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Alignment.Tests;

/// <summary>Made-up items with clusters: items of a cluster have token vectors about the same centre.</summary>
internal sealed class Items : IDisposable
{
    private readonly ScratchFolder _folder = new();

    /// <summary>Draws items.</summary>
    /// <param name="count">Number of items.</param>
    /// <param name="dimensions">Dimensions of each block.</param>
    /// <param name="seed">Seed.</param>
    /// <param name="clusters">Number of clusters; item i is of cluster i % clusters.</param>
    /// <param name="noise">Deviation of a token vector from its centre.</param>
    public Items(int count, int[] dimensions, ulong seed = 1, int clusters = 4, float noise = 0.5f)
    {
        TorchRuntime.Require();
        Tokens = new TokenStore(Path.Combine(_folder.Path, "tokens"), dimensions);
        var random = new SplitMix64(seed);
        float[][][] centres =
        [
            .. Enumerable.Range(0, clusters).Select(_ => dimensions.Select(d => Draw(ref random, d, 1)).ToArray()),
        ];
        for (int i = 0; i < count; i++)
        {
            var blocks = new ReadOnlyMemory<Half>[dimensions.Length];
            for (int b = 0; b < blocks.Length; b++)
            {
                int length = b > 0 && i % 3 == 0 ? 0 : 1 + (int)random.NextBelow(9);
                var values = new Half[length * dimensions[b]];
                for (int t = 0; t < length; t++)
                {
                    float[] own = Draw(ref random, dimensions[b], noise);
                    for (int k = 0; k < own.Length; k++)
                    {
                        values[(t * own.Length) + k] = (Half)(centres[i % clusters][b][k] + own[k]);
                    }
                }

                blocks[b] = values;
            }

            Tokens.Add(blocks);
        }

        Tokens.Complete();
        Clusters = clusters;
    }

    public TokenStore Tokens { get; }

    public int Clusters { get; }

    public IReadOnlyList<TokenBlockShape> Blocks =>
        [.. Tokens.Dimensions.Select((d, b) => new TokenBlockShape(d, 1 / Tokens.RootMeanSquare(b), 1))];

    /// <summary>Pairs of items of the same cluster.</summary>
    public PairSet Pairs(int count, ulong seed = 2)
    {
        var random = new SplitMix64(seed);
        var (first, second) = (new int[count], new int[count]);
        int each = Tokens.Items / Clusters;
        for (int i = 0; i < count; i++)
        {
            first[i] = (int)random.NextBelow(each * Clusters);
            do
            {
                second[i] = (first[i] % Clusters) + (Clusters * (int)random.NextBelow(each));
            }
            while (second[i] == first[i]);
        }

        return new PairSet(first, second, Tokens.Items);
    }

    public void Dispose()
    {
        Tokens.Dispose();
        _folder.Dispose();
    }

    public static float[] Draw(ref SplitMix64 random, int count, float scale)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            // The sum of four uniform draws is near enough to a normal one.
            values[i] = (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * 1.7f * scale;
        }

        return values;
    }
}
