using Microsoft.ML.OnnxRuntime;

namespace OneRec.Scoring.Onnx;

/// <summary>Inputs and output with fixed shapes, bound to a session once and used for every call with these shapes.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class BoundCall : IDisposable
{
    private readonly OrtIoBinding _binding;
    private readonly OrtValue[] _inputs;
    private readonly OrtValue _output;

    /// <summary>Allocates and binds tensors with these shapes.</summary>
    internal BoundCall(InferenceSession session, IReadOnlyList<TensorShape> inputs, TensorShape output)
    {
        _binding = session.CreateIoBinding();
        _inputs = [.. inputs.Select(Allocate)];
        _output = Allocate(output);
        for (int i = 0; i < inputs.Count; i++)
        {
            _binding.BindInput(inputs[i].Name, _inputs[i]);
        }

        _binding.BindOutput(output.Name, _output);
        Bytes = inputs.Append(output).Sum(t => t.Bytes);
    }

    /// <summary>Bytes of its tensors.</summary>
    public long Bytes { get; }

    /// <summary>The output of the last run, row-major.</summary>
    public ReadOnlySpan<float> Output => _output.GetTensorDataAsSpan<float>();

    /// <summary>An int64 input, to be filled.</summary>
    public Span<long> Whole(int input) => _inputs[input].GetTensorMutableDataAsSpan<long>();

    /// <summary>A float input, to be filled.</summary>
    public Span<float> Floats(int input) => _inputs[input].GetTensorMutableDataAsSpan<float>();

    /// <summary>Runs the session on the inputs.</summary>
    internal void Run(InferenceSession session, RunOptions options) => session.RunWithBinding(options, _binding);

    /// <inheritdoc/>
    public void Dispose()
    {
        _binding.Dispose();
        _output.Dispose();
        foreach (OrtValue input in _inputs)
        {
            input.Dispose();
        }
    }

    private static OrtValue Allocate(TensorShape tensor) =>
        OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, tensor.Type, tensor.Dimensions);
}
