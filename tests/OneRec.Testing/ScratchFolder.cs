namespace OneRec.Testing;

/// <summary>A new empty folder that goes with the test.</summary>
/// <param name="inside">A folder to make in it and to take instead, so that what lies beside it is the test's own too.</param>
public sealed class ScratchFolder(string inside = "") : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("onerec-test-");

    /// <summary>Its full path.</summary>
    public string Path => field ??= inside.Length == 0 ? _root.FullName : _root.CreateSubdirectory(inside).FullName;

    /// <summary>A path inside it.</summary>
    public string this[string relative] => System.IO.Path.Combine(Path, relative);

    /// <summary>Copies a folder with all that it holds, hidden files too; files that are there are replaced.</summary>
    public static void CopyTree(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            string copy = System.IO.Path.Combine(to, System.IO.Path.GetRelativePath(from, file));
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_root.FullName))
        {
            Directory.Delete(_root.FullName, recursive: true);
        }
    }
}
