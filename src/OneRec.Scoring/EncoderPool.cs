using OneRec.Scoring.Models;
using OneRec.Scoring.Text;

namespace OneRec.Scoring;

/// <summary>The models of a process: each loaded once and shared by all its tasks and threads.</summary>
/// <remarks>Owned by whoever registers the kernels; encoders live until it is disposed.</remarks>
public sealed class EncoderPool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TextEncoder> _encoders = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>Models loaded so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _encoders.Count;
            }
        }
    }

    /// <summary>The encoder of a model folder, loaded by the first caller while others wait.</summary>
    /// <exception cref="Core.OneRecException">The model does not load; the next call tries again.</exception>
    public TextEncoder Text(ModelFolder model)
    {
        var file = new FileInfo(model.OnnxPath);
        long length = file.Exists ? file.Length : -1;
        string key = $"{model.OnnxPath}|{length}|{file.LastWriteTimeUtc.Ticks}|{model.Manifest.Canonical}";
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_encoders.TryGetValue(key, out TextEncoder? encoder))
            {
                encoder = TextEncoder.Open(model);
                _encoders.Add(key, encoder);
            }

            return encoder;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (TextEncoder encoder in _encoders.Values)
            {
                encoder.Dispose();
            }

            _encoders.Clear();
        }
    }
}
