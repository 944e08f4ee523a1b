using System.Security.Cryptography;
using Apache.Arrow;
using OneRec.Core;
using OneRec.Sampling;
using OneRec.Testing;
using ParquetSharp.Arrow;
using SkiaSharp;

namespace OneRec.Pipeline.Tests.Sampling;

public sealed class SampleCoverTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    [Fact]
    public void Covers_are_those_of_the_first_items_and_png_that_others_read()
    {
        var options = new SampleOptions { Items = 300, Users = 2, Interactions = 10, Covers = 150, Seed = 3 };
        SampleGenerator.Generate(_scratch["a"], options);
        List<(long Id, int Position, byte[] Image)> covers = Read();
        Assert.Equal(Enumerable.Range(1, 150).Select(i => (long)i), covers.Select(c => c.Id));
        Assert.All(covers, c => Assert.Equal(0, c.Position));
        Assert.Equal(150, covers.Select(c => Convert.ToHexString(c.Image)).Distinct().Count());
        Assert.All(covers, c =>
        {
            using var image = SKBitmap.Decode(c.Image);
            Assert.Equal((64, 64), (image.Width, image.Height));
        });
        Assert.True(SampleGenerator.Generate(_scratch["a"], options).AlreadyThere);
        File.Delete(_scratch["a"] + "/covers.parquet");
        Assert.False(SampleGenerator.Generate(_scratch["a"], options).AlreadyThere);
    }

    [Fact]
    public void Pixels_are_those_that_were_drawn()
    {
        byte[] pixels = [.. Enumerable.Range(0, 8 * 3).Select(p => (byte)(p % 16))];
        uint[] palette = [.. Enumerable.Range(0, 16).Select(c => ((uint)c << 20) | ((uint)(255 - c) << 8) | (uint)(c * 3))];
        using var image = SKBitmap.Decode(PngImage.Encode(pixels, 8, palette));
        Assert.Equal((8, 3), (image.Width, image.Height));
        for (int p = 0; p < pixels.Length; p++)
        {
            SKColor colour = image.GetPixel(p % 8, p / 8);
            Assert.Equal(palette[pixels[p]], ((uint)colour.Red << 16) | ((uint)colour.Green << 8) | colour.Blue);
        }
    }

    [Fact]
    public void The_bytes_are_the_same_on_every_machine() =>
        Assert.Equal("19ce2580f2224b70", Convert.ToHexStringLower(SHA256.HashData(SampleCover.Draw(1, 5, 9)))[..16]);

    [Fact]
    public void Covers_of_a_topic_are_of_its_colours()
    {
        uint[] Colours(int item, int group)
        {
            using var image = SKBitmap.Decode(SampleCover.Draw(1, item, group));
            return [.. image.Pixels.Select(p => (uint)p).Distinct().Order()];
        }

        Assert.Equal(Colours(1, 4).Union(Colours(2, 4)).Order(), Colours(3, 5).Union(Colours(4, 7)).Order());
        Assert.Empty(Colours(1, 4).Intersect(Colours(1, 8)));
    }

    [Fact]
    public void A_style_moves_every_colour_towards_its_tint()
    {
        using var plain = SKBitmap.Decode(SampleCover.Draw(1, 1, 4));
        using var tinted = SKBitmap.Decode(SampleCover.Draw(1, 1, 4, new CoverTint(0, 75)));
        using var tint = SKBitmap.Decode(SampleCover.Draw(1, 1, 4, new CoverTint(0, 100)));

        SKColor own = Assert.Single(tint.Pixels.Distinct());
        Assert.All(plain.Pixels.Zip(tinted.Pixels), p => Assert.Equal(
            ((p.First.Red + (3 * own.Red)) / 4, (p.First.Green + (3 * own.Green)) / 4, (p.First.Blue + (3 * own.Blue)) / 4),
            (p.Second.Red, p.Second.Green, p.Second.Blue)));
    }

    [Fact]
    public void More_covers_than_items_are_refused()
    {
        var problems = new Problems();
        new SampleOptions { Items = 5, Covers = 6 }.Validate(problems);
        Assert.Equal(["--covers must be 0 to --items (got 6)"], problems.Lines);
    }

    public void Dispose() => _scratch.Dispose();

    private List<(long, int, byte[])> Read()
    {
        using var reader = new FileReader(_scratch["a"] + "/covers.parquet");
        using Apache.Arrow.Ipc.IArrowArrayStream stream = reader.GetRecordBatchReader();
        var rows = new List<(long, int, byte[])>();
        while (stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
        {
            using (batch)
            {
                for (int i = 0; i < batch.Length; i++)
                {
                    rows.Add((
                        ((Int64Array)batch.Column(0)).GetValue(i)!.Value,
                        ((Int32Array)batch.Column(1)).GetValue(i)!.Value,
                        ((BinaryArray)batch.Column(2)).GetBytes(i).ToArray()));
                }
            }
        }

        return rows;
    }
}
