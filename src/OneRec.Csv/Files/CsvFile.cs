using System.IO.Compression;
using OneRec.Core;

namespace OneRec.Csv.Files;

/// <summary>A file to be read.</summary>
/// <param name="Name">Its path, for messages; a name that ends in <c>.gz</c> is one of gzip.</param>
/// <param name="Values">Values of columns that are the same for the whole file.</param>
public sealed record CsvFile(string Name, IReadOnlyList<string?> Values)
{
    /// <summary>Opens its bytes as they are stored; null: a file of this machine.</summary>
    public Func<Stream>? Source { get; init; }

    /// <summary>Whether its name says that it is gzip.</summary>
    public bool IsPacked => Name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens its text.</summary>
    /// <exception cref="OneRecException">It cannot be opened (exit 3).</exception>
    public Stream Open() => Guard(() =>
    {
        Stream bytes = Source?.Invoke() ?? new FileStream(Name, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        return !IsPacked ? bytes : bytes.CanSeek ? new GzipText(bytes) : new GZipStream(bytes, CompressionMode.Decompress);
    });

    /// <summary>Reads it to its end.</summary>
    /// <exception cref="OneRecException">It cannot be read (exit 3).</exception>
    public void RequireWhole()
    {
        using Stream text = Open();
        byte[] block = new byte[1 << 16];
        while (Guard(() => text.Read(block)) > 0)
        {
        }
    }

    /// <summary>Reads of the file.</summary>
    /// <exception cref="OneRecException">It cannot be read (exit 3); names it.</exception>
    public T Guard<T>(Func<T> read)
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
