using OneRec.Core;
using OneRec.Delta;

namespace OneRec.Engine.Local;

/// <summary>Checkpoints as files in a folder beside the tables; this process holds the lock of the tables.</summary>
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
        try
        {
            DurableFile.Replace(path, bytes);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Engine("engine.checkpoint", SystemFailure.Line($"cannot write {path}", failure), failure);
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
}
