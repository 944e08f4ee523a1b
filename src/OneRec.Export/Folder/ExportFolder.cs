using System.Security.Cryptography;
using OneRec.Core;
using OneRec.Export.Files;

namespace OneRec.Export.Folder;

/// <summary>
/// The folder of an export. It is written beside its place under another name and moved there when it is complete, so
/// readers see the whole export or the one before. A folder that a killed export left is used again by the next one.
/// </summary>
public sealed class ExportFolder : IDisposable
{
    /// <summary>The file that is written last and tells of what the export is.</summary>
    public const string NoteName = "export.json";

    /// <summary>How the note says that the folder is ours.</summary>
    internal const string Writer = "onerec export";

    private const string LockName = ".lock";

    private readonly string _place;
    private readonly string _staging;
    private readonly EarlierExport? _earlier;
    private readonly FileStream _lock;
    private readonly Func<string, string, bool> _exchange;
    private readonly List<string> _names = [];
    private bool _isMoved;

    private ExportFolder(string place, string staging, EarlierExport? earlier, FileStream held, Func<string, string, bool> exchange) =>
        (_place, _staging, _earlier, _lock, _exchange) = (place, staging, earlier, held, exchange);

    /// <summary>The folder's name, which some formats give to their files.</summary>
    public string Name => Path.GetFileName(_place);

    /// <summary>The bytes of all files, once they are sealed.</summary>
    public long Bytes { get; private set; }

    /// <summary>Refuses a folder that <see cref="Begin(string, bool)"/> would refuse, before any work; nothing is written.</summary>
    /// <param name="place">Full path of the folder.</param>
    /// <param name="overwrite">Whether an earlier export there is replaced.</param>
    /// <exception cref="OneRecException">Configuration error <c>export.folder</c>.</exception>
    public static void Require(string place, bool overwrite) => EarlierExport.Find(FullOf(place), overwrite);

    /// <summary>Begins an export.</summary>
    /// <param name="place">Full path of the folder; folders above it are created.</param>
    /// <param name="overwrite">Whether an earlier export there is replaced.</param>
    /// <exception cref="OneRecException">
    /// Configuration error <c>export.folder</c>: what is there must not be replaced. Table error <c>export.held</c>: another
    /// export writes the same folder.
    /// </exception>
    public static ExportFolder Begin(string place, bool overwrite) => Begin(place, overwrite, Posix.TryExchange);

    /// <summary>The same with another way of exchanging two folders; false from it: they cannot be exchanged.</summary>
    internal static ExportFolder Begin(string place, bool overwrite, Func<string, string, bool> exchange)
    {
        string full = FullOf(place);
        string above = Path.GetDirectoryName(full)!;
        string staging = Path.Combine(above, $".{Path.GetFileName(full)}.onerec-export");
        Directory.CreateDirectory(staging);
        FileStream held = Hold(staging, full);
        try
        {
            Recover(full, AsideOf(staging));
            EarlierExport? earlier = EarlierExport.Find(full, overwrite);
            Clear(staging);
            return new ExportFolder(full, staging, earlier, held, exchange);
        }
        catch
        {
            Abandon(staging, held);
            throw;
        }
    }

    /// <summary>Creates a file.</summary>
    /// <param name="name">Its path in the folder, with '/'.</param>
    public Stream Create(string name) => new ExportFile(PathOf(name));

    /// <summary>The path of a file that something else writes; its folder is created.</summary>
    /// <param name="name">Its path in the folder, with '/'.</param>
    public string PathOf(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        _names.Add(name);
        string path = Path.Combine(_staging, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return path;
    }

    /// <summary>Makes all files durable and tells their sizes and hashes, by name.</summary>
    public IReadOnlyList<ExportedFile> Seal()
    {
        ExportedFile[] files = [.. _names.Order(StringComparer.Ordinal).Select(Seal)];
        Bytes = files.Sum(f => f.Bytes);
        return files;
    }

    /// <summary>Writes the note, last, and moves the folder to its place.</summary>
    /// <param name="note">The text of <see cref="NoteName"/>.</param>
    /// <returns>A folder that could not be removed: the export that was replaced, to which files were added meanwhile; null for none.</returns>
    public string? Publish(ReadOnlySpan<byte> note)
    {
        using (Stream file = Create(NoteName))
        {
            file.Write(note);
        }

        Bytes += Seal(NoteName).Bytes;
        foreach (string folder in Directory.GetDirectories(_staging, "*", SearchOption.AllDirectories).Append(_staging))
        {
            FolderSync.Sync(folder);
        }

        string? replaced = MoveToPlace();
        _isMoved = true;
        File.Delete(Path.Combine(_place, LockName));
        _lock.Dispose();
        FolderSync.Sync(Path.GetDirectoryName(_place)!);
        return replaced is null ? null : Remove(replaced);
    }

    /// <summary>Removes what was written, unless it is in its place.</summary>
    public void Dispose()
    {
        if (_isMoved)
        {
            return;
        }

        Abandon(_staging, _lock);
    }

    private static string AsideOf(string staging) => staging + "-replaced";

    private static void Abandon(string staging, FileStream held)
    {
        try
        {
            Clear(staging);
            File.Delete(Path.Combine(staging, LockName));
            Directory.Delete(staging);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The failure that ended the export is told; the next export to this place removes what is left.
        }
        finally
        {
            held.Dispose();
        }
    }

    // An export was killed while it replaced another one without an exchange.
    private static void Recover(string place, string aside)
    {
        if (!Directory.Exists(aside))
        {
            return;
        }

        if (Path.Exists(place))
        {
            EarlierExport.Find(aside, overwrite: true)?.Delete(aside);
        }
        else
        {
            Directory.Move(aside, place);
        }
    }

    private static string FullOf(string place)
    {
        ArgumentNullException.ThrowIfNull(place);
        string full = Path.TrimEndingDirectorySeparator(place);
        if (Path.GetDirectoryName(full) is not { } above || Path.GetFileName(full).StartsWith('.'))
        {
            throw OneRecException.Configuration("export.folder", $"{full} cannot be the folder of an export; name a folder below another, whose name starts with no dot");
        }

        for (string? folder = above; folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.GetFileName(folder) == "_delta_log" || Directory.Exists(Path.Combine(folder, "_delta_log")))
            {
                throw OneRecException.Configuration("export.folder", $"{full} lies in the table {folder}; name a folder outside of tables");
            }
        }

        return full;
    }

    private static FileStream Hold(string staging, string place)
    {
        try
        {
            return new FileStream(Path.Combine(staging, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (e.Message.Contains("being used by another process", StringComparison.Ordinal))
        {
            throw OneRecException.Table("export.held", $"another export writes {place}; wait until it ends, or name another folder", e);
        }
    }

    private static void Clear(string staging)
    {
        foreach (string folder in Directory.GetDirectories(staging))
        {
            Directory.Delete(folder, recursive: new DirectoryInfo(folder).LinkTarget is null);
        }

        foreach (string file in Directory.GetFiles(staging).Where(f => Path.GetFileName(f) != LockName))
        {
            File.Delete(file);
        }
    }

    private ExportedFile Seal(string name)
    {
        using var file = new FileStream(Path.Combine(_staging, name), FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        string hash = Convert.ToHexStringLower(SHA256.HashData(file));
        file.Flush(flushToDisk: true);
        return new ExportedFile(name, file.Length, hash);
    }

    /// <returns>Where the export that was replaced lies now; null if there was none.</returns>
    private string? MoveToPlace()
    {
        if (_earlier is null)
        {
            try
            {
                Directory.Move(_staging, _place);
                return null;
            }
            catch (IOException e) when (Path.Exists(_place))
            {
                throw OneRecException.Configuration("export.folder", $"{_place} came into being during the export; name another folder", e);
            }
        }

        if (_exchange(_staging, _place))
        {
            return _staging;
        }

        // Without an exchange there is a moment without a folder; after a kill in it the next export brings the one before back.
        string aside = AsideOf(_staging);
        Directory.Move(_place, aside);
        Directory.Move(_staging, _place);
        return aside;
    }

    private string? Remove(string replaced)
    {
        try
        {
            _earlier!.Delete(replaced);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Out of the way of the next export, which clears what one before it left.
            string left = _place + ".replaced";
            if (!Path.Exists(left))
            {
                Directory.Move(replaced, left);
                return left;
            }

            return replaced;
        }
    }
}
