using Apache.Arrow;

namespace OneRec.Pipeline.Engines.Local;

/// <summary>Some rows of a file of images.</summary>
internal sealed class ImageSlice(string file, RecordBatch batch, int id, int position, int image) : IDisposable
{
    /// <summary>The file.</summary>
    public string File => file;

    /// <summary>Rows.</summary>
    public int Count => batch.Length;

    /// <summary>The held row that an image is of; null where of none, or where id or position is null.</summary>
    public int? Row(HeldRows held, int place) =>
        batch.Column(id).IsNull(place) || batch.Column(position).IsNull(place) ? null : held.RowOf(batch.Column(id), place, file);

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
