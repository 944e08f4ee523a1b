using OneRec.Core;

namespace OneRec.Delta.Tests;

/// <summary>
/// A disk that dies at a chosen act, and the state it may then come back with: bytes that were not synced are torn, names
/// whose folder was not synced are gone (or, as luck has it, there).
/// </summary>
internal sealed class PowerCut : IDurableFiles
{
    private readonly string _root;
    private readonly int _at;
    private readonly bool _acts;
    private readonly HashSet<string> _durableBytes = [];
    private readonly HashSet<string> _durableNames = [];

    // What durable names had, where they were given to another file or removed, and their folder was not synced since.
    private readonly Dictionary<string, byte[]> _before = [];
    private int _count;

    /// <summary>Dies at act number <paramref name="at"/> (from 1), before it or just after it.</summary>
    /// <param name="root">The folder whose contents so far are durable.</param>
    /// <param name="at">Beyond the last act it never dies.</param>
    /// <param name="acts">Whether the act itself still happens (a write only half).</param>
    public PowerCut(string root, int at, bool acts)
    {
        (_root, _at, _acts) = (root, at, acts);
        foreach (string entry in Entries(SearchOption.AllDirectories))
        {
            _durableNames.Add(entry);
            _durableBytes.Add(entry);
        }
    }

    /// <summary>The acts so far, with names that do not vary between runs.</summary>
    public List<string> Acts { get; } = [];

    public bool IsDead { get; private set; }

    public void CreateFolder(string path) => Act("create folder", path, () =>
    {
        DurableFiles.Instance.CreateFolder(path);
        for (string? folder = path; folder is not null && folder.Length >= _root.Length; folder = Path.GetDirectoryName(folder))
        {
            _durableNames.Add(folder);
        }

        return true;
    });

    public void Write(string path, ReadOnlySpan<byte> bytes)
    {
        byte[] copy = bytes.ToArray();
        Act("write", path, () =>
        {
            bool torn = _count == _at;
            File.WriteAllBytes(path, torn ? copy[..(copy.Length / 2)] : copy);
            if (!torn)
            {
                _durableBytes.Add(path);
            }

            return true;
        });
    }

    public void SyncFile(string path) => Act("sync file", path, () => _durableBytes.Add(path));

    public void SyncFolder(string path) => Act("sync folder", path, () =>
    {
        foreach (string entry in Directory.GetFileSystemEntries(path))
        {
            _durableNames.Add(entry);
        }

        foreach (string settled in _before.Keys.Where(p => Path.GetDirectoryName(p) == path).ToArray())
        {
            _before.Remove(settled);
        }

        return true;
    });

    public bool Link(string from, string to) => Act("link", to, () =>
    {
        bool linked = DurableFiles.Instance.Link(from, to);
        if (linked && _durableBytes.Contains(from))
        {
            _durableBytes.Add(to);
        }

        return linked;
    });

    public void Rename(string from, string to) => Act("rename", to, () =>
    {
        Keep(to);
        DurableFiles.Instance.Rename(from, to);
        if (!_durableBytes.Contains(from))
        {
            _durableBytes.Remove(to);
        }
        else
        {
            _durableBytes.Add(to);
        }

        return true;
    });

    public void Delete(string path) => Act("delete", path, () =>
    {
        Keep(path);
        File.Delete(path);
        return true;
    });

    /// <summary>Leaves the folder as a disk may have it when power is back.</summary>
    /// <param name="keepNames">Whether names that were not made durable are there all the same.</param>
    public void ComeBack(bool keepNames)
    {
        foreach (string file in Directory.GetFiles(_root, "*", SearchOption.AllDirectories))
        {
            if (!keepNames && !HasDurableName(file))
            {
                File.Delete(file);
            }
            else if (!_durableBytes.Contains(file))
            {
                using FileStream torn = File.OpenWrite(file);
                torn.SetLength(torn.Length / 2);
            }
        }
    }

    /// <summary>
    /// Leaves the folder as a disk may have it that wrote what was not synced in any order: each name alone is there or not,
    /// each removal and renaming happened or did not, bytes are whole, cut, or zeros.
    /// </summary>
    /// <param name="random">The disk's order.</param>
    public void ComeBack(ref SplitMix64 random)
    {
        foreach (string file in Directory.GetFiles(_root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            if (!HasDurableName(file) && random.NextBelow(2) == 0)
            {
                File.Delete(file);
            }
            else if (!_durableBytes.Contains(file) && random.NextBelow(3) > 0)
            {
                using FileStream torn = File.OpenWrite(file);
                long length = torn.Length;
                torn.SetLength(random.NextBelow(length + 1));
                torn.SetLength(random.NextBelow(2) == 0 ? length : torn.Length);
            }
        }

        foreach ((string path, byte[] bytes) in _before.OrderBy(b => b.Key, StringComparer.Ordinal))
        {
            if (random.NextBelow(2) == 0)
            {
                File.WriteAllBytes(path, bytes);
            }
        }
    }

    private void Keep(string path)
    {
        if (_durableNames.Contains(path) && _durableBytes.Contains(path) && File.Exists(path))
        {
            _before.TryAdd(path, File.ReadAllBytes(path));
        }
    }

    private bool HasDurableName(string path)
    {
        for (string at = path; at != _root; at = Path.GetDirectoryName(at)!)
        {
            if (!_durableNames.Contains(at))
            {
                return false;
            }
        }

        return true;
    }

    private string[] Entries(SearchOption option) =>
        Directory.Exists(_root) ? Directory.GetFileSystemEntries(_root, "*", option) : [];

    private T Act<T>(string what, string path, Func<T> act)
    {
        if (IsDead)
        {
            throw new PowerLostException();
        }

        Acts.Add($"{what} {Name(path)}");
        if (++_count != _at)
        {
            return act();
        }

        IsDead = true;
        if (_acts)
        {
            act();
        }

        throw new PowerLostException();
    }

    private string Name(string path)
    {
        string name = Path.GetRelativePath(_root, path);
        return name.EndsWith(".tmp", StringComparison.Ordinal) ? "_delta_log/TMP"
            : name.EndsWith(".parquet", StringComparison.Ordinal) ? Path.GetDirectoryName(name) + "/FILE"
            : name;
    }
}
