using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Cases;

/// <summary>The working folder of a case, and the changes that a case makes in it.</summary>
internal sealed class CaseFolder : IDisposable
{
    private static readonly string[] Telling = ["runs", "failures", "quarantine"];

    private readonly ScratchFolder _folder = new();

    /// <summary>Creates a folder with the base files and those of the case.</summary>
    public CaseFolder(CaseFile @case)
    {
        ScratchFolder.CopyTree(CaseFile.Base, Path);
        ScratchFolder.CopyTree(@case.Folder, Path);
    }

    /// <summary>Full path.</summary>
    public string Path => _folder.Path;

    /// <summary>The text with the folder's path in place of <c>{here}</c>.</summary>
    public string Expand(string text) => text.Replace("{here}", Path, StringComparison.Ordinal);

    /// <summary>Changes files as a step says.</summary>
    public void Change(CaseStep step)
    {
        switch (step)
        {
            case { Write: { } path }:
                File.WriteAllBytes(New(path), Content(step));
                break;
            case { Append: { } path }:
                File.AppendAllBytes(One(path), Content(step));
                break;
            case { Gzip: { } path }:
                Gzip(One(path), New(step.To!));
                break;
            case { Replace: { } path }:
                Replace(One(path), Expand(step.Text!), Expand(step.By!));
                break;
            case { Copy: { } path }:
                Copy(One(path), New(step.To!));
                break;
            case { Link: { } path }:
                File.CreateSymbolicLink(New(path), Expand(step.To!));
                break;
            case { Folder: { } path }:
                Directory.CreateDirectory(Full(path));
                break;
            case { Delete: { } path }:
                Delete(One(path));
                break;
            case { Cut: { } path }:
                Cut(One(path), step.Lines is { } lines ? File.ReadLines(One(path)).Take(lines).Sum(l => l.Length + 1) : step.Bytes);
                break;
            case { Flip: { } path }:
                Flip(One(path), step.Bytes);
                break;
        }
    }

    /// <summary>The commits of each table, a line each: what a command that fails leaves as it was.</summary>
    /// <remarks>Tables that tell of failures apart.</remarks>
    public IReadOnlyList<string> Commits()
    {
        string tables = Full("tables");
        return !Directory.Exists(tables) ? [] :
        [
            .. Directory.EnumerateFiles(tables, "*.json", SearchOption.AllDirectories)
                .Where(f => f.Contains("/_delta_log/", StringComparison.Ordinal))
                .Select(f => System.IO.Path.GetRelativePath(tables, f))
                .Where(f => !Telling.Contains(f[..f.IndexOf('/')]))
                .Order(StringComparer.Ordinal),
        ];
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private string Full(string path) => System.IO.Path.Combine(Path, path);

    private string New(string path)
    {
        string full = Full(path);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(full)!);
        return full;
    }

    private string One(string path)
    {
        string[] found = [Path];
        foreach (string part in path.Split('/'))
        {
            found = part.Contains('*', StringComparison.Ordinal)
                ? [.. found.SelectMany(f => Directory.GetFileSystemEntries(f, part)).Where(f => System.IO.Path.GetFileName(f)[0] is not ('_' or '.'))]
                : [.. found.Select(f => System.IO.Path.Combine(f, part))];
        }

        return found.Length == 1 ? found[0] : throw new InvalidDataException($"{path} matches {found.Length} files");
    }

    private byte[] Content(CaseStep step)
    {
        if (step.Hex is { } hex)
        {
            byte[] once = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
            return [.. Enumerable.Repeat(once, step.Times).SelectMany(b => b)];
        }

        var text = new StringBuilder();
        for (int n = 0; n < step.Times; n++)
        {
            text.Append(Expand(step.Text!).Replace("{n}", n.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static void Gzip(string from, string to)
    {
        using FileStream source = File.OpenRead(from);
        using FileStream target = File.Create(to);
        using (var gzip = new GZipStream(target, CompressionLevel.Fastest))
        {
            source.CopyTo(gzip);
        }

        File.Delete(from);
    }

    private static void Replace(string file, string text, string by)
    {
        // Another program, as which the case changes a commit, would not have sealed it.
        string before = Regex.Replace(File.ReadAllText(file), "\"onerecSeal\":\"[0-9a-f]{64}\",", "");
        string after = before.Replace(text, by, StringComparison.Ordinal);
        File.WriteAllText(file, after != before ? after : throw new InvalidDataException($"{file} has no '{text}'"));
    }

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(from))
        {
            ScratchFolder.CopyTree(from, to);
        }
        else
        {
            File.Copy(from, to, overwrite: true);
        }
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path is var file && File.Exists(file) ? file : throw new InvalidDataException($"there is no {path}"));
        }
    }

    private static void Cut(string file, long bytes)
    {
        using FileStream stream = File.OpenWrite(file);
        stream.SetLength(bytes < 0 ? stream.Length + bytes : bytes);
    }

    private static void Flip(string file, long at)
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[at < 0 ? bytes.Length + at : at] ^= 0xff;
        File.WriteAllBytes(file, bytes);
    }
}
