using Apache.Arrow;
using OneRec.Core;
using OneRec.Engine.Local.Relations;
using OneRec.Engine.Local.Vectors;
using OneRec.Parquet;
using ParquetSharp;
using ParquetSharp.Schema;

namespace OneRec.Engine.Local.Images;

/// <summary>A Parquet file of images: the indexes of its columns and the number of row groups.</summary>
internal sealed class ImageFile
{
    private readonly string _path;
    private readonly int[] _keys;
    private readonly int[] _all;
    private readonly (int Id, int Position, int Image) _places;

    private ImageFile(string path, int groups, int id, int position, int image)
    {
        _path = path;
        Groups = groups;
        _keys = [.. new[] { id, position }.Order()];
        _all = [.. new[] { id, position, image }.Order()];
        _places = (System.Array.IndexOf(_all, id), System.Array.IndexOf(_all, position), System.Array.IndexOf(_all, image));
    }

    /// <summary>Number of row groups.</summary>
    public int Groups { get; }

    /// <summary>Reads the columns of a file of a source.</summary>
    /// <exception cref="OneRecException">The file cannot be read, or a column is missing or has the wrong type (exit 3).</exception>
    public static ImageFile Open(string path, ImageFiles source) => ParquetError.Wrap(path, () =>
    {
        using var reader = new ParquetFileReader(path);
        SchemaDescriptor schema = reader.FileMetaData.Schema;
        return new ImageFile(
            path,
            reader.FileMetaData.NumRowGroups,
            Leaf(path, schema, source.IdColumn, "BIGINT or STRING", t => t is PhysicalType.Int64 or PhysicalType.ByteArray),
            Leaf(path, schema, source.PositionColumn, "a whole number", t => t is PhysicalType.Int32 or PhysicalType.Int64),
            Leaf(path, schema, source.ImageColumn, "binary", t => t is PhysicalType.ByteArray));
    });

    /// <summary>Only the ids and positions of a row group, in order.</summary>
    public IEnumerable<ImageSlice> Keys(int group)
    {
        bool idFirst = _places.Id < _places.Position;
        return ParquetBatches.Read(_path, [group], _keys).Select(b => new ImageSlice(_path, b, idFirst ? 0 : 1, idFirst ? 1 : 0, -1));
    }

    /// <summary>Images of some row groups, in order.</summary>
    public IEnumerable<ImageSlice> Images(int[] groups) => ParquetBatches
        .Read(_path, groups, _all)
        .Select(b => new ImageSlice(_path, b, _places.Id, _places.Position, _places.Image));

    private static int Leaf(string path, SchemaDescriptor schema, string name, string type, Func<PhysicalType, bool> fits)
    {
        Node[] columns = schema.GroupNode.Fields;
        int index = System.Array.FindIndex(columns, c => c.Name == name);
        if (index < 0)
        {
            throw OneRecException.Input(
                "input.missing-column", $"{path}: no column '{name}' (columns: {string.Join(", ", columns.Select(c => c.Name))})");
        }

        return columns[index] is PrimitiveNode node && fits(node.PhysicalType)
            ? ParquetLeaf.Of(schema, index)!.Index
            : throw OneRecException.Input("input.column-type", $"{path}: column '{name}' must be {type}");
    }
}

/// <summary>A slice of the rows of a file of images.</summary>
internal sealed class ImageSlice(string file, RecordBatch batch, int id, int position, int image) : IDisposable
{
    /// <summary>The file.</summary>
    public string File => file;

    /// <summary>Number of rows.</summary>
    public int Count => batch.Length;

    /// <summary>The item ids of the images.</summary>
    public IArrowArray Ids => batch.Column(id);

    /// <summary>Whether an image belongs to an item: its id and position are not null.</summary>
    public bool Belongs(int place) => batch.Column(id).IsValid(place) && batch.Column(position).IsValid(place);

    /// <summary>The held row of an image's item; null if that item is not held.</summary>
    public int? Row(HeldRows held, int place) => Belongs(place) ? held.Find(Ids, place) : null;

    /// <summary>The position of an image.</summary>
    public long Position(int place) => batch.Column(position) switch
    {
        Int64Array a => a.GetValue(place)!.Value,
        Int32Array a => a.GetValue(place)!.Value,
        Int16Array a => a.GetValue(place)!.Value,
        Int8Array a => a.GetValue(place)!.Value,
        _ => throw new InvalidOperationException("checked when the file was opened"),
    };

    /// <summary>The bytes of an image; null if it is null.</summary>
    public byte[]? Image(int place)
    {
        var images = (BinaryArray)batch.Column(image);
        return images.IsNull(place) ? null : images.GetBytes(place).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => batch.Dispose();
}
