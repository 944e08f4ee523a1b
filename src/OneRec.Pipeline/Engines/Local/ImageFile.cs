using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Pipeline.Engines.Local;

/// <summary>A Parquet file of images: which of its columns are which.</summary>
internal sealed class ImageFile
{
    private readonly string _path;
    private readonly int[] _keys;
    private readonly int[] _all;
    private readonly (int Id, int Position, int Image) _places;

    private ImageFile(string path, int id, int position, int image)
    {
        _path = path;
        _keys = [.. new[] { id, position }.Order()];
        _all = [.. new[] { id, position, image }.Order()];
        _places = (System.Array.IndexOf(_all, id), System.Array.IndexOf(_all, position), System.Array.IndexOf(_all, image));
    }

    /// <summary>Looks at a file's columns.</summary>
    /// <exception cref="OneRecException">A column is missing or of another type (exit 3).</exception>
    public static ImageFile Open(string path)
    {
        Schema schema = ParquetBatches.SchemaOf(path);
        int Leaf(string name, string type, Func<IArrowType, bool> fits)
        {
            int index = schema.GetFieldIndex(name);
            if (index < 0)
            {
                throw OneRecException.Input(
                    "input.missing-column",
                    $"{path}: no column '{name}' (columns: {string.Join(", ", schema.FieldsList.Select(f => f.Name))})");
            }

            Field field = schema.GetFieldByIndex(index);
            return fits(field.DataType)
                ? schema.FieldsList.Take(index).Sum(f => ParquetBatches.LeafCount(f.DataType))
                : throw OneRecException.Input("input.column-type", $"{path}: column '{name}' is {field.DataType.Name}, but must be {type}");
        }

        return new ImageFile(
            path,
            Leaf("item_id", "BIGINT or STRING", t => t is Int64Type or StringType),
            Leaf("position", "a whole number", t => t is Int8Type or Int16Type or Int32Type or Int64Type),
            Leaf("image", "binary", t => t is BinaryType));
    }

    /// <summary>Ids and positions alone, in order.</summary>
    public IEnumerable<ImageSlice> Keys()
    {
        bool idFirst = _places.Id < _places.Position;
        return ParquetBatches.Read(_path, _keys).Select(b => new ImageSlice(_path, b, idFirst ? 0 : 1, idFirst ? 1 : 0, -1));
    }

    /// <summary>Images, in order.</summary>
    public IEnumerable<ImageSlice> Images() => ParquetBatches
        .Read(_path, _all)
        .Select(b => new ImageSlice(_path, b, _places.Id, _places.Position, _places.Image));
}
