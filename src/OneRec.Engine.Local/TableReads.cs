using System.Collections.Concurrent;
using OneRec.Core;
using OneRec.Delta;

namespace OneRec.Engine.Local;

/// <summary>
/// The data files of tables that SQL reads: verifies their checksums before the first read, and finds the damaged file behind a
/// failed query.
/// </summary>
internal sealed class TableReads
{
    private readonly ConcurrentDictionary<string, (Snapshot Snapshot, AddFile File)> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Path, long Bytes, DateTime Changed), bool> _verified = new();

    /// <summary>Adds the files of a snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="verify">
    /// Whether the bytes of files are read once and held against their checksums. DuckDB does not check them, and a flipped bit
    /// often decodes to another value.
    /// </param>
    /// <exception cref="OneRecException">Table errors <c>delta.file-missing</c>, <c>delta.file-broken</c>.</exception>
    public void Add(Snapshot snapshot, bool verify)
    {
        foreach (AddFile file in snapshot.Files)
        {
            string path = snapshot.FullPath(file);
            _files[path] = (snapshot, file);
            var info = new FileInfo(path);
            if (verify && (!info.Exists || _verified.TryAdd((path, info.Length, info.LastWriteTimeUtc), true)))
            {
                snapshot.RequireChecksums(file);
            }
        }
    }

    /// <summary>The error of a damaged or missing file that made a query fail; null if all files can be read.</summary>
    /// <param name="failure">What the query ended with.</param>
    public OneRecException? Explain(OneRecException failure)
    {
        // Of the other kinds are errors in the SQL text, and of memory.
        if (failure.Code is not ("engine.io" or "engine.sql" or "input.value"))
        {
            return null;
        }

        string text = failure.InnerException?.InnerException?.Message ?? failure.Message;
        bool named = _files.Keys.Any(path => text.Contains(path, StringComparison.Ordinal));
        if (!named && failure.Code == "input.value")
        {
            // Most are wrong arguments of functions; looking through all files would take as long as reading them.
            return null;
        }

        try
        {
            foreach ((string path, (Snapshot snapshot, AddFile file)) in _files)
            {
                if (!named || text.Contains(path, StringComparison.Ordinal))
                {
                    snapshot.RequireWhole(file);
                }
            }

            return null;
        }
        catch (OneRecException damage)
        {
            return new OneRecException(damage.Kind, damage.Code, damage.Message, failure);
        }
    }
}
