using OneRec.Core;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Pipeline.Tests.Steps.Quantization;

/// <summary>An item with its embedding.</summary>
internal sealed record TestItem(long Number, string? Text, float[]? Vector)
{
    public string Hash { get; init; } = "h";

    /// <summary>The content that was embedded, where the item has changed since.</summary>
    public string? EmbeddedHash { get; init; }

    public bool Deleted { get; init; }

    public ItemId Id => Text is null ? ItemId.Of(Number) : ItemId.Of(Text);

    /// <summary>Items around centres; ids are not in order.</summary>
    public static TestItem[] Many(int n, int d, int centres, ulong seed, bool texts = false)
    {
        var random = new SplitMix64(seed);
        float Next() => (float)((2 * random.NextDouble()) - 1);
        float[][] at = [.. Enumerable.Range(0, centres).Select(_ => Enumerable.Range(0, d).Select(_ => Next()).ToArray())];
        var items = new TestItem[n];
        for (int i = 0; i < n; i++)
        {
            float[] centre = at[random.NextBelow(centres)];
            long number = ((i * 7919L) % n) - 5;
            items[i] = new TestItem(number, texts ? $"{(i % 2 == 0 ? "é" : "𐍈")}{number}" : null, [.. centre.Select(v => v + (0.3f * Next()))]);
        }

        return items;
    }
}
