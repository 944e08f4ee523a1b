using OneRec.Cli;
using OneRec.Core;
using OneRec.Engine.Local;
using OneRec.Engine.Sources;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Sampling;
using OneRec.Testing;
using OneRec.Testing.Onnx;

namespace OneRec.Pipeline.Tests.Steps.Embed;

/// <summary>Blocks of images, with a model whose vector is an image's mean colour, and with the shipped one.</summary>
public sealed class EmbedImagesTests : IDisposable
{
    private static readonly byte[] Red = TestImages.Png(255, 0, 0);
    private static readonly byte[] Green = TestImages.Png(0, 255, 0);
    private static readonly byte[] Blue = TestImages.Png(0, 0, 255);
    private readonly EmbedDesk _desk = new();

    [Fact]
    public void Images_as_bytes_are_averaged_by_item_and_what_is_missing_is_counted()
    {
        Use(TestImages.Write(_desk["images/a.parquet"], 2, [(1, 1, Green), (3, 0, Blue), (77, 0, Red), (1, 0, Red), (null, 0, Red), (3, null, Red)]));
        _desk.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "fox"), new EmbedItem(3, "hill"));
        StepSummary summary = _desk.Run();
        Assert.Equal(["1 of 3 items have no images; that part of their embedding is zeros"], _desk.Messages);
        Assert.Contains(new Fact("without images", "1"), summary.Facts);
        float half = (float)(Math.Sqrt(0.5) * 2);
        AssertClose([half, half, 0], _desk.Embedded()[0].Embedding[4..]);
        AssertClose([0, 0, 0], _desk.Embedded()[1].Embedding[4..]);
        AssertClose([0, 0, 2], _desk.Embedded()[2].Embedding[4..]);
    }

    [Fact]
    public void Images_by_path_start_from_their_source_and_give_the_same_vectors()
    {
        Use(TestImages.Write(_desk["bytes/a.parquet"], 9, [(1, 0, Red), (1, 1, Green), (2, 0, Blue)]));
        _desk.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "fox"));
        _desk.Run();
        List<EmbeddedItem> bytes = _desk.Embedded();

        using var other = new EmbedDesk();
        Directory.CreateDirectory(other["images/files"]);
        File.WriteAllBytes(other["images/files/r.png"], Red);
        File.WriteAllBytes(other["images/files/g.png"], Green);
        File.WriteAllBytes(other["blue.png"], Blue);
        File.WriteAllText(
            other["images/list.csv"],
            $"item_id,position,path\n2,0,{other["blue.png"]}\n1,10,files/g.png\n1,9,files/r.png\n5,0,files/none.png\n");
        Use(other["images"], other);
        other.Options = other.Options with { Input = other.Options.Input with { ImagesRoot = other["."] } };
        other.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "fox"));
        other.Run();
        Assert.Equal(bytes.SelectMany(r => r.Embedding), other.Embedded().SelectMany(r => r.Embedding));

        // The same list with other names of its columns, in another order.
        File.WriteAllText(
            other["images/list.csv"],
            $"file;pid;nr\n{other["blue.png"]};2;0\nfiles/g.png;1;10\nfiles/r.png;1;9\nfiles/none.png;5;0\n");
        other.Options = other.Options with
        {
            Input = other.Options.Input with
            {
                Columns = new InputColumns { ImageItem = "pid", ImagePosition = "nr", ImagePath = "file" },
                Csv = new CsvOptions { Separator = ";" },
            },
        };
        other.Run();
        Assert.Equal(bytes.SelectMany(r => r.Embedding), other.Embedded().SelectMany(r => r.Embedding));
    }

    [Fact]
    public void An_images_limit_takes_the_first_by_position()
    {
        string files = TestImages.Write(_desk["a.parquet"], 9, [(1, 2, Blue), (1, 1, Green), (1, 0, Red)]);
        Use(files);
        _desk.Options = _desk.Options with
        {
            Sections = [new EmbedOptions { Inputs = [new ImageInput { Encoder = _desk["image-model"], Images = 1 }] }],
        };
        _desk.Catalogue(new EmbedItem(1, "red"));
        _desk.Run();
        AssertClose([1, 0, 0], _desk.Embedded()[0].Embedding);
    }

    [Theory]
    [InlineData("text", "image 2 of 2 is not a PNG, JPEG, WebP, GIF or BMP (4 bytes)")]
    [InlineData("cut", "image 2 of 2 is truncated")]
    [InlineData("empty", "image 2 of 2 is empty")]
    [InlineData("null", "image 2 of 2 is null")]
    public void An_image_that_does_not_decode_ends_the_step_or_goes_to_quarantine(string kind, string problem)
    {
        byte[]? bad = kind switch { "text" => "none"u8.ToArray(), "cut" => Noise()[..900], "empty" => [], _ => null };
        Use(TestImages.Write(_desk["a.parquet"], 9, [(1, 0, Red), (2, 0, Red), (2, 1, bad)]));
        _desk.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "fox"));
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.Equal((ErrorKind.Input, "embed.item"), (e.Kind, e.Code));
        Assert.Equal($"item 2: {problem}; fix the item, exclude it with input.deleted, or set input.badRows=quarantine", e.Message);

        _desk.Options = _desk.Options with { Input = _desk.Options.Input with { BadRows = BadRows.Quarantine } };
        StepSummary summary = _desk.Run();
        Assert.Equal(1, summary.Rows);
        Assert.Contains(new Fact("quarantined", "1"), summary.Facts);
        Assert.Equal(1, _desk.Embedded().Single().Id);
        Assert.Equal([$"items|{problem}|{{\"item_id\":\"2\"}}"], _desk.Quarantined());

        // Mended: the next run with work embeds it.
        TestImages.Write(_desk["a.parquet"], 9, [(1, 0, Red), (2, 0, Red), (2, 1, Green), (9, 0, Red)]);
        Assert.Equal(1, _desk.Run().Rows);
        Assert.Equal([1, 2], _desk.Embedded().Select(r => r.Id));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        File.WriteAllText(_desk["list.csv"], "item_id,position,path\n1,0,none.png\n");
        Use(_desk["list.csv"]);
        _desk.Catalogue(new EmbedItem(1, "red"));
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.StartsWith($"item 1: image 1 of 1 ({_desk["none.png"]}) does not exist; fix the item", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_outside_of_the_sources_folder_is_refused_and_read_once_imagesRoot_is_set()
    {
        Directory.CreateDirectory(_desk["covers"]);
        File.WriteAllBytes(_desk["red.png"], Red);
        File.WriteAllText(_desk["covers/list.csv"], "item_id,position,path\n1,0,../red.png\n");
        Use(_desk["covers/list.csv"]);
        _desk.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "fox"));
        string problem = $"image 1 of 1 ({_desk["covers"]}/../red.png) lies outside of {_desk["covers"]}; move it there, or set "
            + "input.imagesRoot to a folder above all images";
        AssertInput($"item 1: {problem}; fix the item, exclude it with input.deleted, or set input.badRows=quarantine");

        _desk.Options = _desk.Options with { Input = _desk.Options.Input with { BadRows = BadRows.Quarantine } };
        Assert.Equal(1, _desk.Run().Rows);
        Assert.Equal([$"items|{problem}|{{\"item_id\":\"1\"}}"], _desk.Quarantined());

        _desk.Options = _desk.Options with { Input = _desk.Options.Input with { ImagesRoot = _desk["."] } };
        Assert.Equal(1, _desk.Run().Rows);
        Assert.Equal([1, 2], _desk.Embedded().Select(r => r.Id));
    }

    [Fact]
    public void A_line_break_in_a_path_belongs_to_it()
    {
        Directory.CreateDirectory(_desk["covers"]);
        File.WriteAllBytes(_desk["covers/a\nb\\.png"], Red);
        File.WriteAllText(_desk["covers/list.csv"], "item_id,position,path\n1,0,\"a\nb\\.png\"\n2,0,\"x\ny.png\"\n");
        Use(_desk["covers/list.csv"]);
        _desk.Options = _desk.Options with { Input = _desk.Options.Input with { BadRows = BadRows.Quarantine } };
        _desk.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "fox"));
        Assert.Equal(1, _desk.Run().Rows);
        Assert.Equal(
            [$"items|image 1 of 1 ({_desk["covers"]}/x\\u000Ay.png) does not exist|{{\"item_id\":\"2\"}}"], _desk.Quarantined());
    }

    [Fact]
    public void An_imagesRoot_that_is_no_folder_is_refused()
    {
        File.WriteAllText(_desk["list.csv"], "item_id,position,path\n1,0,red.png\n");
        Use(_desk["list.csv"]);
        _desk.Options = _desk.Options with { Input = _desk.Options.Input with { ImagesRoot = _desk["none"] } };
        _desk.Catalogue(new EmbedItem(1, "red"));
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.Equal((ErrorKind.Configuration, "input.imagesRoot"), (e.Kind, e.Code));
        Assert.Equal($"input.imagesRoot: the folder {_desk["none"]} does not exist; name one that does", e.Message);
    }

    // The desk's 512 MiB are 192 for kernels, half of them for decoding.
    [Fact]
    public void An_image_that_would_take_more_than_the_tasks_memory_is_a_bad_row_and_is_not_decoded()
    {
        byte[] bomb = TestImages.Bomb(4000, 3000);
        Assert.True(bomb.Length < 100_000);
        Use(TestImages.Write(_desk["a.parquet"], 9, [(1, 0, bomb), (2, 0, Red)]));
        _desk.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "fox"));
        AssertInput(
            "item 1: image 1 of 1 has 4000 x 3000 pixels, which take 274 MiB to decode, but 96 MiB are available; raise memoryLimit (on "
            + "Spark, the executors' memory), or store a smaller image; fix the item, exclude it with input.deleted, or set "
            + "input.badRows=quarantine");
        _desk.Options = _desk.Options with { Input = _desk.Options.Input with { BadRows = BadRows.Quarantine } };
        Assert.Equal(1, _desk.Run().Rows);
        _desk.Memory = 2L << 30;
        _desk.Catalogue(new EmbedItem(1, "red"), new EmbedItem(2, "fox"), new EmbedItem(3, "hill"));
        TestImages.Write(_desk["a.parquet"], 9, [(1, 0, bomb), (2, 0, Red), (3, 0, Red)]);
        Assert.Equal(2, _desk.Run().Rows);
    }

    [Fact]
    public void A_source_that_is_none_is_refused_by_name()
    {
        _desk.Catalogue(new EmbedItem(1, "red"));
        Use(_desk["list.csv"]);
        File.WriteAllText(_desk["list.csv"], "item_id,position,image\n1,0,abc\n");
        AssertInput($"{_desk["list.csv"]}: text cannot contain images; give their paths in a column 'path', or use Parquet");
        File.WriteAllText(_desk["list.csv"], "item_id,path\n1,abc\n");
        AssertInput($"{_desk["list.csv"]} has no column 'position'; it has item_id, path (set input.columns.imagePosition)");
        _desk.Options = _desk.Options with { Input = new InputOptions() };
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.Equal(
            (ErrorKind.Configuration, "embed.inputs has a block of images; set input.images to the files that list them"), (e.Kind, e.Message));
    }

    [Fact]
    public void Scattered_images_are_gathered_in_bounded_memory()
    {
        // First all covers, then all frames: no item is complete before the end. 60 MB against the 24 that may be held.
        (long? Item, int? Position, byte[]? Image)[] images =
        [
            .. Enumerable.Range(0, 60).Select(i => ((long?)(i % 30), (int?)(1 - (i / 30)), (byte[]?)Bytes(i))),
        ];
        string file = TestImages.Write(_desk["big.parquet"], 7, images);
        using var engine = new LocalEngine(
            new LocalSettings(_desk["engine"], 2, 256L << 20), EngineFactory.Kernels(), TimeProvider.System, CancellationToken.None);
        Dictionary<long, byte[]?[]?> attached = TestImages.Attached(engine, Enumerable.Range(0, 31).Select(i => (long)i), new ImageFiles([file]));
        Assert.Equal(31, attached.Count);
        Assert.Null(attached[30]);
        for (int item = 0; item < 30; item++)
        {
            Assert.Equal([Bytes(30 + item), Bytes(item)], attached[item]!);
        }
    }

    [Fact]
    public void Two_images_at_one_position_are_refused()
    {
        Use(TestImages.Write(_desk["a.parquet"], 1, [(1, 0, Red), (1, 0, Green)]));
        _desk.Catalogue(new EmbedItem(1, "red"));
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.Equal(
            (ErrorKind.Input, $"{_desk["a.parquet"]}: item 1 has two images at position 0; positions of an item must be unique"), (e.Kind, e.Message));
    }

    [Fact]
    public void Covers_of_one_topic_are_nearer_than_covers_of_two_by_the_shipped_encoder()
    {
        // Two subtopics of different topics, two covers each.
        (long? Item, int? Position, byte[]? Image)[] covers =
        [
            .. new[] { 0, 0, 2, 2 }.Select((topic, i) => ((long?)(i + 1), (int?)0, (byte[]?)SampleCover.Draw(7, i, topic * SampleWorld.SubtopicsPerTopic))),
        ];
        Use(TestImages.Write(_desk["covers.parquet"], 9, covers));
        _desk.Options = _desk.Options with { Sections = [new EmbedOptions { Inputs = [new ImageInput { Encoder = Desk.ResNet18() }] }] };
        _desk.Catalogue([.. Enumerable.Range(1, 4).Select(i => new EmbedItem(i, "a"))]);
        _desk.Run();
        float[][] v = [.. _desk.Embedded().Select(r => r.Embedding)];
        double within = Math.Min(Cosine(v[0], v[1]), Cosine(v[2], v[3]));
        double between = new[] { Cosine(v[0], v[2]), Cosine(v[0], v[3]), Cosine(v[1], v[2]), Cosine(v[1], v[3]) }.Max();
        Assert.True(within > between + 0.02, $"within {within:F3}, between {between:F3}");
    }

    public void Dispose() => _desk.Dispose();

    private static void AssertClose(float[] expected, float[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), p => Assert.Equal(p.First, p.Second, 1e-6f));
    }

    private static double Cosine(float[] a, float[] b) => a.Zip(b).Sum(p => (double)p.First * p.Second);

    private static byte[] Bytes(int seed)
    {
        var draws = new SplitMix64((ulong)seed);
        var bytes = new byte[1_000_000];
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] = (byte)draws.NextBelow(256);
        }

        return bytes;
    }

    private static byte[] Noise() => SampleCover.Draw(1, 1, 1);

    private void AssertInput(string message)
    {
        OneRecException e = Assert.Throws<OneRecException>(() => _desk.Run());
        Assert.Equal((ErrorKind.Input, message), (e.Kind, e.Message));
    }

    private void Use(string images, EmbedDesk? desk = null)
    {
        desk ??= _desk;
        string model = new TinyImageEncoder().WriteTo(desk["image-model"]);
        desk.Options = desk.Options with
        {
            Sections = [desk.Options.Section<EmbedOptions>() with
            {
                Inputs = [new TextInput { Encoder = desk.Model, Fields = ["title"] }, new ImageInput { Encoder = model, Weight = 2 }],
            }],
            Input = new InputOptions { Images = images },
        };
    }
}
