using OneRec.Core;

namespace OneRec.Sampling;

/// <summary>
/// An item's cover: its topic's two colours, its subtopic's shape, a few of them where the item's own draws put them,
/// and specks. So covers of a subtopic look alike, and no two are the same.
/// </summary>
internal static class SampleCover
{
    /// <summary>Pixels a side.</summary>
    public const int Side = 64;

    private const int Shades = 8;

    /// <summary>Draws it.</summary>
    /// <param name="seed">Of the sample.</param>
    /// <param name="item">The item's place in the catalogue, from 0.</param>
    /// <param name="group">Its subtopic.</param>
    /// <returns>A PNG; equal arguments give equal bytes on every machine.</returns>
    public static byte[] Draw(long seed, int item, int group)
    {
        SplitMix64 draws = SampleDraws.Of(seed, SamplePurpose.Cover, item);
        SplitMix64 topic = SampleDraws.Of(seed, SamplePurpose.CoverTopic, group / SampleWorld.SubtopicsPerTopic);
        long hue = topic.NextBelow(360);
        long other = hue + 90 + topic.NextBelow(181);
        var palette = new uint[2 * Shades];
        for (int shade = 0; shade < Shades; shade++)
        {
            palette[shade] = Colour(hue, 60 + (10 * shade));
            palette[Shades + shade] = Colour(other, 185 + (10 * shade));
        }

        // Lighter towards one corner, as lit from there.
        var pixels = new byte[Side * Side];
        int slant = (int)draws.NextBelow(4);
        for (int p = 0; p < pixels.Length; p++)
        {
            int x = (slant & 1) == 0 ? p % Side : Side - 1 - (p % Side);
            int y = (slant & 2) == 0 ? p / Side : Side - 1 - (p / Side);
            pixels[p] = (byte)((x + y) * Shades / (2 * Side));
        }

        int shapes = 2 + (int)draws.NextBelow(3);
        for (int s = 0; s < shapes; s++)
        {
            int centreX = 10 + (int)draws.NextBelow(Side - 20);
            int centreY = 10 + (int)draws.NextBelow(Side - 20);
            int radius = 7 + (int)draws.NextBelow(10);
            byte colour = (byte)(Shades + draws.NextBelow(Shades));
            for (int p = 0; p < pixels.Length; p++)
            {
                if (IsInside(group % SampleWorld.SubtopicsPerTopic, (p % Side) - centreX, (p / Side) - centreY, radius))
                {
                    pixels[p] = colour;
                }
            }
        }

        for (int speck = 0; speck < 40; speck++)
        {
            pixels[draws.NextBelow(pixels.Length)] = (byte)draws.NextBelow(2 * Shades);
        }

        return PngImage.Encode(pixels, Side, palette);
    }

    /// <summary>Whether a point is inside a disc, a square, a triangle or a ring around 0.</summary>
    private static bool IsInside(int shape, int x, int y, int radius) => shape switch
    {
        0 => (x * x) + (y * y) <= radius * radius,
        1 => Math.Max(Math.Abs(x), Math.Abs(y)) <= radius,
        2 => Math.Abs(y) <= radius && 2 * Math.Abs(x) <= radius + y,
        _ => (x * x) + (y * y) <= radius * radius && 4 * ((x * x) + (y * y)) >= radius * radius,
    };

    /// <summary>A saturated colour of a hue in degrees and a value of 0 to 255, in whole numbers.</summary>
    private static uint Colour(long hue, int value)
    {
        hue = ((hue % 360) + 360) % 360;
        int least = value / 4;
        int step = (int)(hue % 60);
        int rising = least + ((value - least) * step / 60);
        int falling = value - ((value - least) * step / 60);
        (int red, int green, int blue) = (hue / 60) switch
        {
            0 => (value, rising, least),
            1 => (falling, value, least),
            2 => (least, value, rising),
            3 => (least, falling, value),
            4 => (rising, least, value),
            _ => (value, least, falling),
        };
        return ((uint)red << 16) | ((uint)green << 8) | (uint)blue;
    }
}
