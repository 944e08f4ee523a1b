using OneRec.Core;

namespace OneRec.Engine.Tables;

/// <summary>Locks a folder of tables for one process. The operating system releases the lock when the process ends.</summary>
public sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Creates the folder if necessary and takes its lock.</summary>
    /// <exception cref="OneRecException">
    /// <c>tables.unwritable</c> (exit 2): the folder cannot be created or written. <c>tables.held</c> (exit 4): another run
    /// uses it.
    /// </exception>
    public static FolderLock Take(string folder)
    {
        string path = Path.Combine(folder, ".lock");
        try
        {
            Directory.CreateDirectory(folder);
            return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException failure)
        {
            throw Unwritable(folder, failure);
        }
        catch (IOException failure) when (File.Exists(path) && IsHeld(failure))
        {
            throw OneRecException.Table(
                "tables.held",
                $"{folder} is in use by another run; wait until it ends, or use another tables folder",
                failure);
        }
        catch (IOException failure)
        {
            throw Unwritable(folder, failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // flock's EWOULDBLOCK becomes a plain IOException; a full or read-only disk has its own errno.
    private static bool IsHeld(IOException failure) =>
        failure is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException)
        && failure.Message.Contains("being used by another process", StringComparison.Ordinal);

    private static OneRecException Unwritable(string folder, Exception failure) => OneRecException.Configuration(
        "tables.unwritable",
        $"tables folder {folder} cannot be written ({failure.Message}); set 'tables' to a folder you can write",
        failure);
}
