using OneRec.Core;
using OneRec.Delta;

namespace OneRec.Engine.Local;

/// <summary>Checkpoints as files in a folder beside the tables. A name has one writer: by the lock of the tables, or by who created it.</summary>
/// <param name="folder">The folder; created when needed.</param>
internal sealed class LocalCheckpoints(string folder) : ICheckpoints
{
    /// <inheritdoc/>
    public byte[]? Load(string step, string name)
    {
        string path = Path.Combine(folder, step, name);
        return File.Exists(path) ? File.ReadAllBytes(path) : null;
    }

    /// <inheritdoc/>
    public void Save(string step, string name, byte[] bytes)
    {
        string path = Path.Combine(folder, step, name);
        Writing(path, () =>
        {
            DurableFile.Replace(path, bytes);
            return true;
        });
    }

    /// <inheritdoc/>
    public bool TryCreate(string step, string name, byte[] bytes)
    {
        string path = Path.Combine(folder, step, name);
        return Writing(path, () => DurableFile.TryCreate(path, bytes));
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names(string step)
    {
        string path = Path.Combine(folder, step);
        return Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path).Select(f => Path.GetFileName(f)).Where(f => !f.EndsWith(DurableFile.PartSuffix, StringComparison.Ordinal))]
            : [];
    }

    /// <inheritdoc/>
    public void Remove(string step, string name)
    {
        string path = Path.Combine(folder, step, name);
        if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    /// <inheritdoc/>
    public void Clear(string step)
    {
        string path = Path.Combine(folder, step);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static bool Writing(string path, Func<bool> write)
    {
        try
        {
            return write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Engine("engine.checkpoint", SystemFailure.Line($"cannot write {path}", failure), failure);
        }
    }
}
