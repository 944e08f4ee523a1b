using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Export.Folder;

/// <summary>What lies at the place of an export: nothing, an earlier export, or something that is not ours.</summary>
internal sealed class EarlierExport
{
    private readonly string _folder;
    private readonly IReadOnlyList<string> _files;

    private EarlierExport(string folder, IReadOnlyList<string> files) => (_folder, _files) = (folder, files);

    /// <summary>Finds the export in a folder, which may be replaced; null if there is nothing.</summary>
    /// <param name="folder">Full path.</param>
    /// <param name="overwrite">Whether an export may be replaced.</param>
    /// <exception cref="OneRecException">Configuration error <c>export.folder</c>: what is there must not be replaced.</exception>
    public static EarlierExport? Find(string folder, bool overwrite)
    {
        if (new FileInfo(folder).LinkTarget is not null)
        {
            throw Refused($"{folder} is a symbolic link; name the folder that it leads to, or one that does not exist");
        }

        if (File.Exists(folder))
        {
            throw Refused($"{folder} is a file; name a folder that does not exist");
        }

        if (!Directory.Exists(folder))
        {
            return null;
        }

        if (!overwrite)
        {
            throw Refused($"{folder} exists; add --overwrite to replace an earlier export, or name a folder that does not exist");
        }

        string[] files = [.. FilesIn(folder)];
        HashSet<string> own = files.Length == 0 ? [] : OwnFiles(folder);
        if (files.FirstOrDefault(f => !own.Contains(Name(folder, f))) is { } foreign)
        {
            throw Refused($"{foreign} is not a file of an export, so --overwrite would delete what is not ours; move it, or name a folder that does not exist");
        }

        return new EarlierExport(folder, [.. files.Select(f => Name(folder, f))]);
    }

    /// <summary>Deletes the export from where it was moved to; what came into the folder since it was found stays.</summary>
    /// <param name="moved">Full path.</param>
    public void Delete(string moved)
    {
        foreach (string file in _files)
        {
            File.Delete(Path.Combine(moved, file));
        }

        foreach (string inner in Directory.GetDirectories(moved, "*", SearchOption.AllDirectories).OrderByDescending(d => d.Length))
        {
            Directory.Delete(inner);
        }

        Directory.Delete(moved);
    }

    /// <inheritdoc/>
    public override string ToString() => _folder;

    // A folder that is a link counts as a file: it is not one of ours, and what it leads to is not looked at.
    private static IEnumerable<string> FilesIn(string folder)
    {
        foreach (FileSystemInfo entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            if (entry is DirectoryInfo { LinkTarget: null })
            {
                string[] inner = [.. FilesIn(entry.FullName)];
                foreach (string file in inner.Length == 0 ? [entry.FullName] : inner)
                {
                    yield return file;
                }
            }
            else
            {
                yield return entry.FullName;
            }
        }
    }

    private static string Name(string folder, string file) => Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');

    private static HashSet<string> OwnFiles(string folder)
    {
        try
        {
            JsonNode? note = JsonNode.Parse(File.ReadAllBytes(Path.Combine(folder, ExportFolder.NoteName)));
            return note?["writer"]?.GetValue<string>() == ExportFolder.Writer
                ? [ExportFolder.NoteName, .. note["files"]!.AsArray().Select(f => f!["name"]!.GetValue<string>())]
                : throw NotOurs();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException or FileNotFoundException or FormatException)
        {
            throw NotOurs();
        }

        OneRecException NotOurs() => Refused(
            $"{folder} has no {ExportFolder.NoteName} of an export, so --overwrite would delete what is not ours; name a folder that does not exist");
    }

    private static OneRecException Refused(string why) => OneRecException.Configuration("export.folder", why);
}
