using System.Collections.Concurrent;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OneRec.Core;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Onnx;

/// <summary>
/// A model loaded once, run by any number of threads: each call takes a lane, which holds bound tensors of the shapes it
/// has seen.
/// </summary>
/// <remarks>
/// On a CUDA device two lanes are enough to keep it busy: one is filled while the other runs, and calls beyond wait. On the
/// CPU a call is a thread, so lanes are as many as callers.
/// </remarks>
internal sealed class OnnxModel : IDisposable
{
    private const int DeviceLanes = 2;

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly ConcurrentBag<OnnxLane> _free = [];
    private readonly ConcurrentBag<OnnxLane> _all = [];
    private readonly SemaphoreSlim _slots;

    private OnnxModel(ModelFolder folder, InferenceSession session, ExecutionDevice device)
    {
        Folder = folder;
        Device = device;
        _session = session;
        _slots = new SemaphoreSlim(device.IsCuda ? DeviceLanes : int.MaxValue);
    }

    /// <summary>The folder.</summary>
    public ModelFolder Folder { get; }

    /// <summary>Where it runs.</summary>
    public ExecutionDevice Device { get; }

    /// <summary>Inputs of the file, by name.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Inputs => _session.InputMetadata;

    /// <summary>Outputs of the file, by name.</summary>
    public IReadOnlyDictionary<string, NodeMetadata> Outputs => _session.OutputMetadata;

    /// <summary>Loads a file and holds it against its manifest.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="device">Where it is to run.</param>
    /// <param name="type">The type that inputs have.</param>
    /// <param name="input">Dimensions that inputs have; negative ones are free.</param>
    /// <param name="layout">The inputs' dimensions in words.</param>
    /// <param name="keys">The manifest's keys for inputs, in words.</param>
    /// <exception cref="OneRecException">As of <see cref="OnnxSession.Open"/> and <see cref="OnnxSignature.Check"/>.</exception>
    public static OnnxModel Open(
        ModelFolder folder, ExecutionDevice device, TensorElementType type, ReadOnlySpan<int> input, string layout, string keys)
    {
        InferenceSession session = OnnxSession.Open(folder, device);
        try
        {
            OnnxSignature.Check(session, folder, type, input, layout, keys);
            return new OnnxModel(folder, session, device);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The shape that the output has for one call.</summary>
    /// <param name="inputs">Values of the inputs, in the manifest's order.</param>
    /// <exception cref="OneRecException">Engine error <c>model.run</c>.</exception>
    public long[] OutputShape(IReadOnlyCollection<OrtValue> inputs)
    {
        using IDisposableReadOnlyCollection<OrtValue> results = OnnxSession.Run(_session, Folder, inputs);
        return results[0].GetTensorTypeAndShape().Shape;
    }

    /// <summary>Counts of nodes by provider on a device, whose arithmetic must run there; null on the CPU.</summary>
    /// <param name="inputs">Values of the inputs for one row.</param>
    /// <exception cref="OneRecException">Engine error <c>embed.placement</c>.</exception>
    public string? Placement(IReadOnlyCollection<OrtValue> inputs) =>
        Device.IsCuda ? WarmUp.Placement(Folder, Device, inputs) : null;

    /// <summary>Runs one call.</summary>
    /// <param name="inputs">Its inputs' shapes.</param>
    /// <param name="output">The shape that its output must have.</param>
    /// <param name="fill">Fills the inputs.</param>
    /// <param name="read">Reads the output.</param>
    /// <exception cref="OneRecException">Engine error <c>model.run</c>: ONNX Runtime failed, or gave another shape.</exception>
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
