using OneRec.Core;

namespace OneRec.Engine.Local.Relations;

/// <summary>
/// The scratch folder of one of several processes that write to the same tables: <c>.scratch-shared/NAME/files</c>. The lock of
/// <c>.scratch-shared/NAME</c> shows that the process lives; the next process removes what a killed one left.
/// </summary>
internal sealed class SharedScratch : IDisposable
{
    private readonly string _own;
    private readonly FolderLock _lock;

    private SharedScratch(string own, FolderLock held) => (_own, _lock) = (own, held);

    /// <summary>The folder's full path.</summary>
    public string Folder => Path.Combine(_own, "files");

    /// <summary>Takes a new folder, and removes those of processes that have ended.</summary>
    /// <param name="tables">The folder of the tables.</param>
    /// <exception cref="OneRecException">Configuration error <c>tables.unwritable</c>.</exception>
    public static SharedScratch Take(string tables)
    {
        string root = Path.Combine(tables, ".scratch-shared");
        string own = Path.Combine(root, Guid.NewGuid().ToString("N"));
        var held = FolderLock.Take(own);
        foreach (string other in Directory.GetDirectories(root).Where(other => other != own))
        {
            RemoveIfLeft(other);
        }

        return new SharedScratch(own, held);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock.Dispose();
        RemoveIfLeft(_own);
    }

    private static void RemoveIfLeft(string folder)
    {
        try
        {
            // A folder without a lock is being made, or being removed by another process.
            if (File.Exists(Path.Combine(folder, ".lock")))
            {
                using (FolderLock.Take(folder))
                {
                    Directory.Delete(folder, recursive: true);
                }
            }
        }
        catch (Exception e) when (e is OneRecException or IOException or UnauthorizedAccessException)
        {
            // Its process lives, or another one removes it.
        }
    }
}
