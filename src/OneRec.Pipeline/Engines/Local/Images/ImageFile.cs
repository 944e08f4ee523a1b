using OneRec.Core;
using OneRec.Pipeline.Inputs;
using ParquetSharp;
using ParquetSharp.Schema;

namespace OneRec.Pipeline.Engines.Local.Images;

/// <summary>A Parquet file of images: which of its columns are which, and how many row groups it has.</summary>
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

    /// <summary>Row groups.</summary>
    public int Groups { get; }

    /// <summary>Looks at a file's columns.</summary>
    /// <exception cref="OneRecException">It cannot be read; a column is missing or of another type (exit 3).</exception>
    public static ImageFile Open(string path) => ParquetError.Told(path, () =>
    {
        using var reader = new ParquetFileReader(path);
        SchemaDescriptor schema = reader.FileMetaData.Schema;
        return new ImageFile(
            path,
            reader.FileMetaData.NumRowGroups,
            Leaf(path, schema, "item_id", "BIGINT or STRING", t => t is PhysicalType.Int64 or PhysicalType.ByteArray),
            Leaf(path, schema, "position", "a whole number", t => t is PhysicalType.Int32 or PhysicalType.Int64),
            Leaf(path, schema, "image", "binary", t => t is PhysicalType.ByteArray));
    });

    /// <summary>Ids and positions of a row group alone, in order.</summary>
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
