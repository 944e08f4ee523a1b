using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Sources;
using OneRec.Engines.Tests.Desks;
using OneRec.Testing;
using ParquetSharp.Arrow;

namespace OneRec.Engines.Tests.Seam;

/// <summary>Images through the seam: an item's, in order of position, whichever engine runs.</summary>
public abstract class ImageTests(EngineDesk desk)
{
    [Theory]
    [InlineData("item_id", "position", "image")]
    [InlineData("pid", "order by", "the \"image\"")]
    public void Images_come_by_item_in_order_of_position(string id, string position, string image)
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.Open(folder["tables"]);
        var source = new ImageFiles([
            Write(folder["a.parquet"], [(1, 2, "c"), (1, 0, "a"), (9, 0, "x"), (null, 0, "n")], id, position, image),
            Write(folder["b.parquet"], [(3, 5, null), (1, 1, "b"), (3, null, "n"), (3, -1, "d")], id, position, image),
        ])
        {
            IdColumn = id,
            PositionColumn = position,
            ImageColumn = image,
        };
        IRelation attached = engine.AttachImages(Batches.Longs(engine, ["item_id", "more"], [[1, 10], [2, 20], [3, 30]]), source);
        var rows = new List<string>();
        foreach (RecordBatch batch in engine.Collect(attached))
        {
            using (batch)
            {
                var images = (ListArray)batch.Column(2);
                for (int row = 0; row < batch.Length; row++)
                {
                    string texts = images.IsNull(row) ? "none" : string.Join(',', Texts(images, row));
                    rows.Add($"{((Int64Array)batch.Column(0)).GetValue(row)} {((Int64Array)batch.Column(1)).GetValue(row)} {texts}");
                }
            }
        }

        Assert.Equal(["1 10 a,b,c", "2 20 none", "3 30 d,null"], rows.Order());
    }

    [Fact]
    public void A_file_without_a_column_is_refused()
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.Open(folder["tables"]);
        Schema schema = new([new Field("item_id", Int64Type.Default, false), new Field("position", Int64Type.Default, false)], null);
        using (var writer = new FileWriter(folder["a.parquet"], schema))
        {
            writer.Close();
        }

        OneRecException e = Assert.Throws<OneRecException>(() => engine
            .Collect(engine.AttachImages(Batches.Longs(engine, ["item_id"], [[1]]), new ImageFiles([folder["a.parquet"]])))
            .Count());
        Assert.Equal((ErrorKind.Input, "input.missing-column"), (e.Kind, e.Code));
        Assert.Contains("'image'", e.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Texts(ListArray images, int row)
    {
        var bytes = (BinaryArray)images.Values;
        for (int i = images.ValueOffsets[row]; i < images.ValueOffsets[row + 1]; i++)
        {
            yield return bytes.IsNull(i) ? "null" : System.Text.Encoding.UTF8.GetString(bytes.GetBytes(i));
        }
    }

    private static string Write(
        string path, (long? Item, long? Position, string? Image)[] rows, string idName = "item_id", string positionName = "position", string imageName = "image")
    {
        var items = new Int64Array.Builder();
        var positions = new Int64Array.Builder();
        var images = new BinaryArray.Builder();
        foreach ((long? item, long? position, string? image) in rows)
        {
            items.Append(item);
            positions.Append(position);
            _ = image is null ? images.AppendNull() : images.Append(System.Text.Encoding.UTF8.GetBytes(image).AsSpan());
        }

        Schema schema = new(
            [new Field(idName, Int64Type.Default, true), new Field(positionName, Int64Type.Default, true), new Field(imageName, BinaryType.Default, true)],
            null);
        using var batch = new RecordBatch(schema, [items.Build(), positions.Build(), images.Build()], rows.Length);
        using var writer = new FileWriter(path, schema);
        writer.WriteRecordBatch(batch);
        writer.Close();
        return path;
    }
}

public sealed class ImageOnLocalTests() : ImageTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class ImageOnSpark35Tests(Spark35Desk desk) : ImageTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class ImageOnSpark40Tests(Spark40Desk desk) : ImageTests(desk);
