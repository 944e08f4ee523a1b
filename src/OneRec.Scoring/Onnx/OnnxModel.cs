using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using OneRec.Core;
using OneRec.Scoring.Manifests;

namespace OneRec.Scoring.Onnx;

/// <summary>
/// A model loaded once and run by any number of threads. Each call takes a lane, which keeps bound tensors for the shapes it
/// has seen.
/// </summary>
/// <remarks>
/// On a CUDA device two lanes are enough to keep it busy: one is filled while the other runs; further calls wait. On the CPU
/// a call uses one thread, so there are as many lanes as callers.
/// </remarks>
internal sealed class OnnxModel : IDisposable
{
    private const int DeviceLanes = 2;

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly ConcurrentBag<OnnxLane> _free = [];
    private readonly ConcurrentBag<OnnxLane> _all = [];
    private readonly SemaphoreSlim _slots;

    private OnnxModel(IModelFiles folder, InferenceSession session, ExecutionDevice device)
    {
        Folder = folder;
        Device = device;
        _session = session;
        _slots = new SemaphoreSlim(device.IsCuda ? DeviceLanes : int.MaxValue);
    }

    /// <summary>The model folder.</summary>
    public IModelFiles Folder { get; }

    /// <summary>The device it runs on.</summary>
    public ExecutionDevice Device { get; }

    /// <summary>The inputs of the file, by name.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>The outputs of the file, by name.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>Loads a model and checks it against its manifest.</summary>
    /// <typeparam name="T">The encoder.</typeparam>
    /// <param name="folder">The model folder.</param>
    /// <param name="device">The device to run on; null for the CPU.</param>
    /// <param name="inputs">The inputs that the manifest names.</param>
    /// <param name="keys">The manifest's keys for inputs, for messages.</param>
    /// <param name="make">Makes the encoder that owns the model, and tries it out; if it fails, the model is disposed.</param>
    /// <exception cref="OneRecException">As in <see cref="OnnxSession.Open"/> and <see cref="OnnxSignature.Check"/>.</exception>
    public static T Open<T>(
        IModelFiles folder, ExecutionDevice? device, IReadOnlyList<InputSignature> inputs, string keys, Func<OnnxModel, T> make)
    {
        device ??= ExecutionDevice.Cpu;
        InferenceSession session = OnnxSession.Open(folder, device);
        OnnxModel? model = null;
        try
        {
            OnnxSignature.Check(session, folder, inputs, keys);
            model = new OnnxModel(folder, session, device);
            return make(model);
        }
        catch
        {
            if (model is null)
            {
                session.Dispose();
            }

            model?.Dispose();
            throw;
        }
    }

    /// <summary>The shape of the output for one call.</summary>
    /// <param name="inputs">Values of the inputs, in the manifest's order.</param>
    /// <exception cref="OneRecException">Engine error <c>model.run</c>.</exception>
    public long[] OutputShape(IReadOnlyCollection<OrtValue> inputs)
    {
        using IDisposableReadOnlyCollection<OrtValue> results = OnnxSession.Run(_session, Folder, inputs);
        return results[0].GetTensorTypeAndShape().Shape;
    }

    /// <summary>On a device, checks that the arithmetic runs there and returns the number of nodes per provider; null on the CPU.</summary>
    /// <param name="inputs">Values of the inputs for one row.</param>
    /// <exception cref="OneRecException">Engine error <c>embed.placement</c>.</exception>
    public string? Placement(IReadOnlyCollection<OrtValue> inputs) =>
        Device.IsCuda ? WarmUp.Placement(Folder, Device, inputs) : null;

    /// <summary>Runs one call.</summary>
    /// <param name="inputs">Shapes of the inputs.</param>
    /// <param name="output">The expected shape of the output.</param>
    /// <param name="fill">Fills the inputs.</param>
    /// <param name="read">Reads the output.</param>
    /// <exception cref="OneRecException">Engine error <c>model.run</c>: ONNX Runtime failed, or returned another shape.</exception>
    public void Run(IReadOnlyList<TensorShape> inputs, TensorShape output, Action<BoundCall> fill, Action<BoundCall> read)
    {
        _slots.Wait();
        try
        {
            if (!_free.TryTake(out OnnxLane? lane))
            {
                lane = new OnnxLane(_session);
                _all.Add(lane);
            }

            try
            {
                BoundCall call = lane.Call(inputs, output);
                fill(call);
                call.Run(_session, _run);
                read(call);
            }
            finally
            {
                _free.Add(lane);
            }
        }
        catch (OnnxRuntimeException e)
        {
            throw OnnxSession.RunFailed(Folder, e);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (OnnxLane lane in _all)
        {
            lane.Dispose();
        }

        _session.Dispose();
        _run.Dispose();
        _slots.Dispose();
    }
}

/// <summary>The bound tensors of one caller at a time, by shape.</summary>
internal sealed class OnnxLane(InferenceSession session) : IDisposable
{
    /// <summary>Maximum bytes of tensors that a lane keeps; beyond that, it discards them all.</summary>
    private const long Most = 32L << 20;

    private readonly Dictionary<string, BoundCall> _calls = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>The call with these shapes, bound at its first use.</summary>
    public BoundCall Call(IReadOnlyList<TensorShape> inputs, TensorShape output)
    {
        string key = string.Join(' ', [output.Name, .. inputs.Select(input => string.Join('x', input.Dimensions))]);
        if (_calls.TryGetValue(key, out BoundCall? call))
        {
            return call;
        }

        if (_bytes > Most)
        {
            Dispose();
        }

        call = new BoundCall(session, inputs, output);
        _calls.Add(key, call);
        _bytes += call.Bytes;
        return call;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (BoundCall call in _calls.Values)
        {
            call.Dispose();
        }

        _calls.Clear();
        _bytes = 0;
    }
}
