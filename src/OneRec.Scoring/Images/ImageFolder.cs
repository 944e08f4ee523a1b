using System.Collections.Concurrent;
using System.Globalization;
using OneRec.Core;

namespace OneRec.Scoring.Images;

/// <summary>
/// Reads image files that data names: regular files of bounded size that lie under a folder, symbolic links followed.
/// Thread-safe.
/// </summary>
/// <param name="start">The folder that relative paths start from; null for the working directory.</param>
/// <param name="within">The folder that all files must lie under; null for <paramref name="start"/>.</param>
/// <param name="maxBytes">Bytes of the largest file that is read.</param>
internal sealed class ImageFolder(string? start, string? within, long maxBytes = ImageFolder.MaxBytes)
{
    /// <summary>Bytes of the largest cover or frame; a larger file is none.</summary>
    public const long MaxBytes = 64L << 20;

    private const int MaxFolders = 10_000;

    private readonly string _start = Path.GetFullPath(start is null or "" ? "." : start);
    private readonly string _within = Path.GetFullPath((within is null or "" ? start : within) is { Length: > 0 } folder ? folder : ".");
    private readonly ConcurrentDictionary<string, string?> _folders = new(StringComparer.Ordinal);

    /// <summary>The full path of a file for messages, in one line.</summary>
    public string Name(string given) => Printable(Path.Combine(_start, given));

    /// <summary>Reads a file.</summary>
    /// <param name="given">Its path as the data has it.</param>
    /// <param name="bytes">Out: its contents.</param>
    /// <returns>Why it is not read, as words that continue "image 1 of 3"; null if it was read.</returns>
    public string? TryRead(string given, out byte[] bytes)
    {
        bytes = [];
        if (given.Length == 0)
        {
            return "has an empty path";
        }

        string path = Path.Combine(_start, given);
        string name = $"({Name(given)})";
        if (given.Contains('\0', StringComparison.Ordinal))
        {
            return $"{name} has a NUL in its path";
        }

        try
        {
            if (Real(path) is not { } real)
            {
                return $"{name} is a loop of symbolic links";
            }

            if (!IsWithin(real))
            {
                return $"{name} lies outside of {_within}; move it there, or set input.imagesRoot to a folder above all images";
            }

            return Read(real, name, out bytes);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return $"{name} does not exist";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"{name} cannot be read: {Printable(e.Message)}";
        }
    }

    private string? Read(string real, string name, out byte[] bytes)
    {
        bytes = [];
        var file = new FileInfo(real);
        if (!file.Exists)
        {
            return Directory.Exists(real) ? $"{name} is a folder" : $"{name} does not exist";
        }

        // A pipe or a device has no length, and opening or reading it may never end: it is told before it is opened.
        long length = file.Length;
        if (length == 0)
        {
            return $"{name} is empty or not a regular file";
        }

        if (length > maxBytes)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{name} has {length:N0} bytes, more than {maxBytes:N0}; store a smaller file");
        }

        bytes = new byte[length];
        using FileStream stream = file.Open(new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        int read = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        bytes = read == bytes.Length ? bytes : bytes[..read];
        return null;
    }

    private bool IsWithin(string real) => RealPath.IsBelow(real, RealFolder(_within) ?? _within);

    /// <summary>The path of a file with all symbolic links followed; null if they lead in a circle.</summary>
    private string? Real(string path)
    {
        string? folder = RealFolder(Path.GetDirectoryName(path) ?? path);
        string last = Path.GetFileName(path);
        if (folder is null || last is "" or "." or "..")
        {
            return folder is null ? null : RealPath.Of(path);
        }

        string direct = Path.Combine(folder, last);
        return new FileInfo(direct).LinkTarget is null ? direct : RealPath.Of(direct);
    }

    private string? RealFolder(string folder)
    {
        if (_folders.Count > MaxFolders)
        {
            _folders.Clear();
        }

        return _folders.GetOrAdd(folder, RealPath.Of);
    }

    // A message is one line, whatever the data says.
    private static string Printable(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) ? $"\\u{(int)c:X4}" : $"{c}"));
}
