using OneRec.Core;

namespace OneRec.Engine.Tables;

/// <summary>Holds a folder of tables for one process, by a lock of the operating system that ends with it.</summary>
public sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <summary>Makes the folder if need be and takes its lock.</summary>
    /// <exception cref="OneRecException">
    /// <c>tables.unwritable</c> (exit 2): the folder cannot be made or written. <c>tables.held</c> (exit 4): another run
    /// holds it.
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
                $"{folder} is held by another run; wait for it to end, or use another tables folder",
                failure);
        }
        catch (IOException failure)
        {
            throw Unwritable(folder, failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // EWOULDBLOCK of flock comes as a bare IOException; a full or read-only disk as its own errno.
    private static bool IsHeld(IOException failure) =>
        failure is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException)
        && failure.Message.Contains("being used by another process", StringComparison.Ordinal);

    private static OneRecException Unwritable(string folder, Exception failure) => OneRecException.Configuration(
        "tables.unwritable",
        $"tables folder {folder} cannot be written ({failure.Message}); set 'tables' to a folder you own",
        failure);
}
