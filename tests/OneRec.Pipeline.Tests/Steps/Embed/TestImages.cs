using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Sources;
using ParquetSharp;
using ParquetSharp.Arrow;
using SkiaSharp;

namespace OneRec.Pipeline.Tests.Steps.Embed;

/// <summary>Writes sources of images.</summary>
internal static class TestImages
{
    private static readonly Schema Columns = new(
        [
            new Field("position", Int32Type.Default, nullable: true),
            new Field("image", BinaryType.Default, nullable: true),
            new Field("item_id", Int64Type.Default, nullable: true),
        ],
        null);

    /// <summary>A Parquet file of images as bytes.</summary>
    public static string Write(string path, int rowsOfGroup, IReadOnlyList<(long? Item, int? Position, byte[]? Image)> images)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using WriterProperties properties = new WriterPropertiesBuilder().Compression(Compression.Snappy).DisableDictionary().Build();
        using var writer = new FileWriter(path, Columns, properties);
        foreach ((long? Item, int? Position, byte[]? Image)[] group in images.Chunk(rowsOfGroup))
        {
            var items = new Int64Array.Builder();
            var positions = new Int32Array.Builder();
            var bytes = new BinaryArray.Builder();
            foreach ((long? item, int? position, byte[]? image) in group)
            {
                items.Append(item);
                positions.Append(position);
                _ = image is null ? bytes.AppendNull() : bytes.Append(image.AsSpan());
            }

            using var batch = new RecordBatch(Columns, [positions.Build(), bytes.Build(), items.Build()], group.Length);
            writer.WriteRecordBatch(batch, group.Length);
        }

        writer.Close();
        return path;
    }

    /// <summary>A PNG of one colour.</summary>
    public static byte[] Png(byte red, byte green, byte blue)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(10, 6, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.Erase(new SKColor(red, green, blue));
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>A small file of many pixels.</summary>
    public static byte[] Bomb(int width, int height)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Gray8));
        bitmap.Erase(SKColors.White);
        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }

    /// <summary>What an engine attaches, by item.</summary>
    public static Dictionary<long, byte[]?[]?> Attached(IEngine engine, IEnumerable<long> items, ImageFiles source)
    {
        Schema schema = new([new Field("item_id", Int64Type.Default, nullable: false)], null);
        RecordBatch rows = RowReader.Build(schema, [.. items.Select(i => new object?[] { i })]);
        IRelation attached = engine.AttachImages(engine.FromRows(schema, [rows]), source);
        return RowReader.Read(engine.Collect(attached)).ToDictionary(
            row => (long)row[0]!,
            row => row[1] is object?[] images ? [.. images.Select(i => (byte[]?)i)] : (byte[]?[]?)null);
    }
}
