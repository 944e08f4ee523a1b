using System.IO.Compression;
using System.Text;
using OneRec.Core;
using OneRec.Csv.Records;
using ZstdSharp;

namespace OneRec.Csv.Files;

/// <summary>A file of text to read.</summary>
/// <param name="Name">Its path; a name that ends in <c>.gz</c> means gzip, in <c>.zst</c> Zstandard.</param>
/// <param name="Values">Values that are constant within the file, such as those in folder names.</param>
public sealed record CsvFile(string Name, IReadOnlyList<string?> Values)
{
    /// <summary>Opens the stored bytes; null: <see cref="Name"/> is a local file.</summary>
    public Func<Stream>? Source { get; init; }

    /// <summary>How the text is encoded.</summary>
    public TextEncoding Encoding { get; init; }

    /// <summary>For each field that is asked for its place in this file; null: they have the order of the request.</summary>
    public IReadOnlyList<int>? Order { get; init; }

    /// <summary>Whether the file is gzip, by its name.</summary>
    public bool IsGzip => CompressedName.IsGzip(Name);

    /// <summary>Whether the file is Zstandard, by its name.</summary>
    public bool IsZstandard => CompressedName.IsZstandard(Name);

    /// <summary>Whether the file is compressed, by its name.</summary>
    public bool IsCompressed => IsGzip || IsZstandard;

    /// <summary>Opens the text, decompressed and in UTF-8.</summary>
    /// <exception cref="OneRecException">The file cannot be opened (exit 3).</exception>
    public Stream Open() => Open(out _);

    /// <summary>Opens the text, decompressed and in UTF-8.</summary>
    /// <param name="isUtf16">Whether it was UTF-16.</param>
    /// <exception cref="OneRecException">The file cannot be opened (exit 3).</exception>
    internal Stream Open(out bool isUtf16)
    {
        (Stream text, isUtf16) = WrapErrors(() => (TextEncodings.Open(Unpacked(), Encoding, out bool utf16), utf16));
        return text;
    }

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
        catch (ZstdException e) when (e.Message.Contains("memory", StringComparison.OrdinalIgnoreCase))
        {
            throw OneRecException.Input(
                "input.zstd", $"{Name} needs a window of more than 128 MiB to decompress; compress it again, with zstd without --long", e);
        }
        catch (Exception e) when (e is ZstdException || (e is EndOfStreamException && IsZstandard))
        {
            throw OneRecException.Input("input.zstd", $"{Name} is a truncated or corrupt Zstandard file; copy it again or rewrite it", e);
        }
        catch (InvalidDataException e)
        {
            throw OneRecException.Input("input.gzip", $"{Name} is a truncated or corrupt gzip file; copy it again or rewrite it", e);
        }
        catch (DecoderFallbackException e)
        {
            throw OneRecException.Input("input.encoding", $"{Name} begins as UTF-16 but is not; write it again, as UTF-8", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Input("input.unreadable", $"{Name} cannot be read: {e.Message}", e);
        }
    }

    private Stream Unpacked()
    {
        Stream bytes = Source?.Invoke() ?? new FileStream(Name, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        return IsZstandard ? new DecompressionStream(bytes, leaveOpen: false)
            : !IsGzip ? bytes
            : bytes.CanSeek ? new GzipText(bytes)
            : new GZipStream(bytes, CompressionMode.Decompress);
    }
}
