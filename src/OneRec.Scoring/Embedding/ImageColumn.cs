using Apache.Arrow;
using OneRec.Kernels.Texts;
using OneRec.Scoring.Images;

namespace OneRec.Scoring.Embedding;

/// <summary>A batch's column of images: their contents, or the paths of files on this machine.</summary>
public abstract class ImageColumn
{
    /// <summary>The column of contents: list of binary.</summary>
    public const string Bytes = "images";

    /// <summary>The column of paths: text, one path per line, line breaks escaped (<see cref="JoinedTexts"/>).</summary>
    public const string Paths = "image_paths";

    /// <summary>Wraps a column.</summary>
    /// <exception cref="ArgumentException">The column has another type.</exception>
    /// <param name="column">The column.</param>
    /// <param name="folder">Reads the files of a column of paths.</param>
    internal static ImageColumn Of(IArrowArray column, ImageFolder folder) => column switch
    {
        ListArray { Values: BinaryArray images } rows => new ByteImages(rows, images),
        StringArray paths => new FileImages(paths, folder),
        _ => throw new ArgumentException($"images is {column.Data.DataType.Name}, neither list<binary> nor text", nameof(column)),
    };

    /// <summary>Number of images of a row.</summary>
    public abstract int Count(int row);

    /// <summary>A file's path in brackets and a space, for messages; empty for an image that is no file.</summary>
    public virtual string Name(int row, int image) => "";

    /// <summary>Reads an image.</summary>
    /// <param name="row">The row.</param>
    /// <param name="image">Index of the image within the row.</param>
    /// <param name="bytes">Out: the contents; valid as long as the batch.</param>
    /// <returns>Why it cannot be read, as words that continue "image 1 of 3"; null if it was read.</returns>
    public abstract string? TryRead(int row, int image, out ReadOnlySpan<byte> bytes);

    private sealed class ByteImages(ListArray rows, BinaryArray images) : ImageColumn
    {
        public override int Count(int row) => rows.IsNull(row) ? 0 : rows.GetValueLength(row);

        public override string? TryRead(int row, int image, out ReadOnlySpan<byte> bytes)
        {
            int place = rows.ValueOffsets[row] + image;
            bytes = images.IsNull(place) ? [] : images.GetBytes(place);
            return images.IsNull(place) ? "is null" : null;
        }
    }

    private sealed class FileImages(StringArray paths, ImageFolder folder) : ImageColumn
    {
        public override int Count(int row) => Lines(row).Count;

        public override string Name(int row, int image) => $"({folder.Name(Lines(row)[image])}) ";

        public override string? TryRead(int row, int image, out ReadOnlySpan<byte> bytes)
        {
            string? problem = folder.TryRead(Lines(row)[image], out byte[] read);
            bytes = read;
            return problem;
        }

        private IReadOnlyList<string> Lines(int row) => paths.GetString(row) is { } joined ? JoinedTexts.Split(joined) : [];
    }
}
