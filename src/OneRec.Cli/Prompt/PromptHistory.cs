using System.Text;

namespace OneRec.Cli.Prompt;

/// <summary>
/// The lines that were entered, kept in a file that only its owner can read. A line that begins with a blank is not kept, as in a
/// shell. A history that cannot be kept is no reason to stop: it is told once.
/// </summary>
internal sealed class PromptHistory
{
    /// <summary>The most lines that are kept.</summary>
    public const int MostLines = 1_000;

    private const int LongestLine = 10_000;
    private const long MostBytes = 16L << 20;
    private const UnixFileMode OwnersFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnersFile | UnixFileMode.UserExecute;

    private readonly List<string> _lines = [];
    private readonly string? _path;
    private readonly Action<string> _tell;
    private bool _isKept;

    /// <summary>Reads the history.</summary>
    /// <param name="path">The file; null: nothing is kept.</param>
    /// <param name="tell">Gets why nothing is kept, at most once.</param>
    public PromptHistory(string? path, Action<string> tell)
    {
        (_path, _tell, _isKept) = (path, tell, path is not null);
        Try(Read);
    }

    /// <summary>The lines, old to new.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>The file: in the user's folder for state, by the XDG Base Directory Specification. Null if there is no such folder.</summary>
    public static string? PathOf(IReadOnlyDictionary<string, string> environment)
    {
        string? Folder(string name) => environment.GetValueOrDefault(name) is { } path && Path.IsPathFullyQualified(path) ? path : null;
        string? state = Folder("XDG_STATE_HOME") ?? (Folder("HOME") is { } home ? Path.Combine(home, ".local", "state") : null);
        return state is null ? null : Path.Combine(state, "onerec", "sql_history");
    }

    /// <summary>Adds a line, unless it is empty, too long, or the same as the one before.</summary>
    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || line[0] == ' ' || line.Length > LongestLine || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }

        _lines.Add(line);
        if (_lines.Count > MostLines)
        {
            _lines.RemoveAt(0);
        }

        Try(() => Append(line));
    }

    private void Read()
    {
        var file = new FileInfo(_path!);
        if (!file.Exists)
        {
            if (Directory.Exists(_path))
            {
                throw new IOException($"{_path} is a folder");
            }

            return;
        }

        if (file.LinkTarget is not null || file.Attributes.HasFlag(FileAttributes.Device) || file.Length > MostBytes)
        {
            throw new IOException($"{_path} is not a file that onerec wrote");
        }

        string[] all = File.ReadAllLines(_path!, Encoding.UTF8);
        _lines.AddRange(all.Where(l => l.Length is > 0 and <= LongestLine && !l.Any(char.IsControl)).TakeLast(MostLines));
        Restrict();
        if (all.Length > 2 * MostLines)
        {
            Rewrite();
        }
    }

    // Prompts beside each other each append their own lines.
    private void Append(string line)
    {
        CreateFolder();
        using FileStream file = Open(_path!, FileMode.Append);
        file.Write(Encoding.UTF8.GetBytes(line + "\n"));
    }

    private void Rewrite()
    {
        string next = $"{_path}.{Environment.ProcessId}";
        using (FileStream file = Open(next, FileMode.Create))
        {
            file.Write(Encoding.UTF8.GetBytes(string.Concat(_lines.Select(l => l + "\n"))));
        }

        File.Move(next, _path!, overwrite: true);
    }

    private static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnersFile;
        }

        return new FileStream(path, options);
    }

    private void CreateFolder()
    {
        string folder = Path.GetDirectoryName(_path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, OwnersFolder);
        }
    }

    private void Restrict()
    {
        if (!OperatingSystem.IsWindows() && File.GetUnixFileMode(_path!) != OwnersFile)
        {
            File.SetUnixFileMode(_path!, OwnersFile);
        }
    }

    private void Try(Action act)
    {
        if (!_isKept)
        {
            return;
        }

        try
        {
            act();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _isKept = false;
            _tell($"the history of this prompt is not kept: {e.Message}");
        }
    }
}
