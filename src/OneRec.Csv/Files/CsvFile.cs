using System.IO.Compression;
using OneRec.Core;

namespace OneRec.Csv.Files;

/// <summary>A file to read.</summary>
/// <param name="Name">Its path; a name that ends in <c>.gz</c> means gzip.</param>
/// <param name="Values">Values that are constant within the file, such as those in folder names.</param>
public sealed record CsvFile(string Name, IReadOnlyList<string?> Values)
{
    /// <summary>Opens the stored bytes; null: <see cref="Name"/> is a local file.</summary>
    public Func<Stream>? Source { get; init; }

    /// <summary>Whether the file is gzip, by its name.</summary>
    public bool IsGzip => Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens the text, decompressed.</summary>
    /// <exception cref="OneRecException">The file cannot be opened (exit 3).</exception>
    public Stream Open() => WrapErrors(() =>
    {
        Stream bytes = Source?.Invoke() ?? new FileStream(Name, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        return !IsGzip ? bytes : bytes.CanSeek ? new GzipText(bytes) : new GZipStream(bytes, CompressionMode.Decompress);
    });

    /// <summary>Reads the file to its end.</summary>
    /// <exception cref="OneRecException">The file cannot be read (exit 3).</exception>
    public void RequireWhole()
    {
        using Stream text = Open();
        byte[] block = new byte[1 << 16];
        while (WrapErrors(() => text.Read(block)) > 0)
        {
        }
    }

    /// <summary>Runs a read of the file and converts I/O errors to errors that name the file.</summary>
    /// <exception cref="OneRecException">The file cannot be read (exit 3).</exception>
    public T WrapErrors<T>(Func<T> read)
    {
        ArgumentNullException.ThrowIfNull(read);
        try
        {
            return read();
        }
        catch (InvalidDataException e)
        {
            throw OneRecException.Input("input.gzip", $"{Name} is a truncated or corrupt gzip file; copy it again or rewrite it", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Input("input.unreadable", $"{Name} cannot be read: {e.Message}", e);
        }
    }
}
