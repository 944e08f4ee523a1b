using System.Collections.Concurrent;
using OneRec.Core;

namespace OneRec.Scoring.Models;

/// <summary>SHA-256 of files, computed once a process for each state of a file.</summary>
internal static class FileHashes
{
    private static readonly ConcurrentDictionary<(string Path, long Length, long Modified), string> Known = new();

    /// <summary>The file's SHA-256, 64 hex characters; read again when its size or time changed.</summary>
    public static string Sha256(string path)
    {
        var file = new FileInfo(path);
        return Known.GetOrAdd((path, file.Length, file.LastWriteTimeUtc.Ticks), static key => StableHash.Sha256OfFile(key.Path));
    }
}
