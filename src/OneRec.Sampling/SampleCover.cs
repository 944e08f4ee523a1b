using OneRec.Core;

namespace OneRec.Sampling;

/// <summary>
/// The cover of an item: two colours of its topic, a few shapes of its subtopic at random positions, and specks. Covers
/// of a subtopic look similar, but no two are equal.
/// </summary>
internal static class SampleCover
{
    /// <summary>Width and height in pixels.</summary>
    public const int Side = 64;

    private const int Shades = 8;

    /// <summary>Draws a cover.</summary>
    /// <param name="seed">The seed of the sample.</param>
    /// <param name="item">Index of the item in the catalogue, from 0.</param>
    /// <param name="group">The item's subtopic.</param>
    /// <param name="tint">A colour that all colours are mixed with; null for none.</param>
    /// <returns>A PNG; equal arguments give equal bytes on every machine.</returns>
    public static byte[] Draw(long seed, int item, int group, CoverTint? tint = null)
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

        if (tint is { } mixed)
        {
            palette = [.. palette.Select(c => Mix(c, Colour(mixed.Hue, 200), mixed.Percent))];
        }

        // The background gets lighter towards one corner.
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

    /// <summary>Whether a point is inside a disc, a square, a triangle or a ring around the origin.</summary>
    private static bool IsInside(int shape, int x, int y, int radius) => shape switch
    {
        0 => (x * x) + (y * y) <= radius * radius,
        1 => Math.Max(Math.Abs(x), Math.Abs(y)) <= radius,
        2 => Math.Abs(y) <= radius && 2 * Math.Abs(x) <= radius + y,
        _ => (x * x) + (y * y) <= radius * radius && 4 * ((x * x) + (y * y)) >= radius * radius,
    };

    // Channel by channel; the second colour has the given percentage.
    private static uint Mix(uint first, uint second, int percent)
    {
        uint mixed = 0;
        for (int shift = 0; shift < 24; shift += 8)
        {
            long value = ((((first >> shift) & 255) * (100L - percent)) + (((second >> shift) & 255) * percent)) / 100;
            mixed |= (uint)value << shift;
        }

        return mixed;
    }

    /// <summary>A saturated colour with a hue in degrees and a value of 0 to 255, in integer arithmetic.</summary>
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

/// <summary>What an item's style does to its cover.</summary>
/// <param name="Hue">Degrees.</param>
/// <param name="Percent">Share of the tint in each colour.</param>
internal readonly record struct CoverTint(long Hue, int Percent);
