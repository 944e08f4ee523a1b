using Apache.Arrow;
using OneRec.Pipeline.Engines.Local.Vectors;

namespace OneRec.Pipeline.Engines.Local.Images;

/// <summary>Some rows of a file of images.</summary>
internal sealed class ImageSlice(string file, RecordBatch batch, int id, int position, int image) : IDisposable
{
    /// <summary>The file.</summary>
    public string File => file;

    /// <summary>Rows.</summary>
    public int Count => batch.Length;

    /// <summary>The images' ids.</summary>
    public IArrowArray Ids => batch.Column(id);

    /// <summary>Whether an image belongs to an item: neither its id nor its position is null.</summary>
    public bool Belongs(int place) => batch.Column(id).IsValid(place) && batch.Column(position).IsValid(place);

    /// <summary>The held row that an image is of; null where of none.</summary>
    public int? Row(HeldRows held, int place) => Belongs(place) ? held.Find(Ids, place) : null;

    /// <summary>An image's position.</summary>
    public long Position(int place) => batch.Column(position) switch
    {
        Int64Array a => a.GetValue(place)!.Value,
        Int32Array a => a.GetValue(place)!.Value,
        Int16Array a => a.GetValue(place)!.Value,
        Int8Array a => a.GetValue(place)!.Value,
        _ => throw new InvalidOperationException("checked when the file was opened"),
    };

    /// <summary>An image's bytes; null where it is null.</summary>
    public byte[]? Image(int place)
    {
        var images = (BinaryArray)batch.Column(image);
        return images.IsNull(place) ? null : images.GetBytes(place).ToArray();
    }

    /// <inheritdoc/>
    public void Dispose() => batch.Dispose();
}
