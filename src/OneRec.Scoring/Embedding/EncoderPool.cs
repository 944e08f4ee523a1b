using OneRec.Scoring.Aligned;
using OneRec.Scoring.Images;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Onnx;
using OneRec.Scoring.Text;

namespace OneRec.Scoring.Embedding;

/// <summary>The models of a process. Each is loaded once per device and shared by all tasks and threads.</summary>
/// <remarks>Owned by the code that registers the kernels; encoders live until the pool is disposed.</remarks>
public sealed class EncoderPool : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, IDisposable> _encoders = new(StringComparer.Ordinal);
    private bool _disposed;

    /// <summary>Number of models loaded.</summary>
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

    /// <summary>The text encoder of a model folder; the first caller loads it while others wait.</summary>
    /// <exception cref="Core.OneRecException">The model does not load; the next call tries again.</exception>
    public TextEncoder Text(IModelFiles model, ExecutionDevice? device = null) => Of(model, device, TextEncoder.Open);

    /// <summary>The image encoder of a model folder; the first caller loads it while others wait.</summary>
    /// <exception cref="Core.OneRecException">The model does not load; the next call tries again.</exception>
    public ImageEncoder Image(IModelFiles model, ExecutionDevice? device = null) => Of(model, device, ImageEncoder.Open);

    /// <summary>The aligned model of a folder; the first caller loads it while others wait.</summary>
    /// <exception cref="Core.OneRecException">The model does not load; the next call tries again.</exception>
    public AlignedEncoder Aligned(IModelFiles model, ExecutionDevice? device = null) => Of(model, device, AlignedEncoder.Open);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            foreach (IDisposable encoder in _encoders.Values)
            {
                encoder.Dispose();
            }

            _encoders.Clear();
        }
    }

    private T Of<T>(IModelFiles model, ExecutionDevice? device, Func<IModelFiles, ExecutionDevice?, T> open)
        where T : class, IDisposable
    {
        device ??= ExecutionDevice.Cpu;
        var file = new FileInfo(model.OnnxPath);
        long length = file.Exists ? file.Length : -1;
        string key = $"{typeof(T).Name}|{device}|{device.MemoryLimit}|{model.OnnxPath}|{length}|{file.LastWriteTimeUtc.Ticks}|{model.Manifest.Canonical}";
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (!_encoders.TryGetValue(key, out IDisposable? encoder))
            {
                encoder = open(model, device);
                _encoders.Add(key, encoder);
            }

            return (T)encoder;
        }
    }
}
