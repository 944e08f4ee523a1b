using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using OneRec.Core;
using OneRec.Scoring.Models;

namespace OneRec.Scoring.Text;

/// <summary>A text model loaded once: token ids in, one vector out. Any number of threads may call it at once.</summary>
/// <remarks>
/// One intra-op thread a call, one row a call: a row's vector depends neither on batch mates (a dynamically quantized
/// model has one activation range a batch) nor on the number of threads.
/// </remarks>
public sealed class TextEncoder : IDisposable
{
    private readonly ModelFolder _model;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly string[] _inputs;
    private readonly string[] _outputs;

    private TextEncoder(ModelFolder model, InferenceSession session, TextTokenizer tokenizer)
    {
        _model = model;
        _session = session;
        Tokenizer = tokenizer;
        ModelManifest manifest = model.Manifest;
        _inputs = [.. new[] { manifest.IdsInput, manifest.MaskInput, manifest.TypesInput }.OfType<string>()];
        _outputs = [manifest.PooledOutput ?? manifest.TokensOutput!];
    }

    /// <summary>Length of a vector.</summary>
    public int Dimensions => _model.Manifest.Dimensions;

    /// <summary>Turns text into the ids that <see cref="Encode"/> takes.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>Loads a model.</summary>
    /// <exception cref="OneRecException">
    /// Engine error: a file is not there (<c>model.no-file</c>), is no ONNX (<c>model.not-onnx</c>), or has other inputs
    /// or outputs than the manifest says (<c>model.input</c>, <c>model.output</c>).
    /// </exception>
    public static TextEncoder Open(ModelFolder model)
    {
        string onnx = model.Existing(model.Manifest.Onnx);
        TextTokenizer tokenizer = TextTokenizer.Open(model);
        InferenceSession session = OnnxSession.Open(onnx, model.Manifest.Quantization);
        try
        {
            OnnxSession.Check(session, model);
            return new TextEncoder(model, session, tokenizer);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The vector of one text.</summary>
    /// <param name="ids">Token ids, special tokens included; at least 1.</param>
    /// <param name="vector">Out [<see cref="Dimensions"/>]: the pooled output, else the mean of the token outputs.</param>
    /// <exception cref="OneRecException">
    /// Engine error: the output has another shape (<c>model.output</c>), is not finite (<c>model.not-finite</c>), or the
    /// model failed (<c>model.run</c>).
    /// </exception>
    public void Encode(ReadOnlySpan<int> ids, Span<float> vector)
    {
        ArgumentOutOfRangeException.ThrowIfZero(ids.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Dimensions);
        long[] shape = [1, ids.Length];
        var values = new List<OrtValue>(_inputs.Length);
        try
        {
            values.Add(OrtValue.CreateTensorValueFromMemory(Widen(ids), shape));
            if (_model.Manifest.MaskInput is not null)
            {
                values.Add(OrtValue.CreateTensorValueFromMemory(Filled(ids.Length, 1), shape));
            }

            if (_model.Manifest.TypesInput is not null)
            {
                values.Add(OrtValue.CreateTensorValueFromMemory(Filled(ids.Length, 0), shape));
            }

            using IDisposableReadOnlyCollection<OrtValue> results = _session.Run(_run, _inputs, values, _outputs);
            Read(results[0], ids.Length, vector);
        }
        catch (OnnxRuntimeException e)
        {
            throw OneRecException.Engine("model.run", $"{_model.OnnxPath}: {OnnxSession.FirstLine(e)}", e);
        }
        finally
        {
            values.ForEach(v => v.Dispose());
        }

        if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(vector))
        {
            throw OneRecException.Engine(
                "model.not-finite", $"{_model.OnnxPath}: output '{_outputs[0]}' holds NaN or infinity");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _session.Dispose();
        _run.Dispose();
    }

    private static long[] Widen(ReadOnlySpan<int> ids)
    {
        var wide = new long[ids.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            wide[i] = ids[i];
        }

        return wide;
    }

    private static long[] Filled(int length, long value)
    {
        var filled = new long[length];
        Array.Fill(filled, value);
        return filled;
    }

    private void Read(OrtValue output, int length, Span<float> vector)
    {
        long[] shape = output.GetTensorTypeAndShape().Shape;
        bool pooled = _model.Manifest.PooledOutput is not null;
        long[] expected = pooled ? [1, Dimensions] : [1, length, Dimensions];
        if (!shape.AsSpan().SequenceEqual(expected))
        {
            throw OneRecException.Engine(
                "model.output",
                $"{_model.OnnxPath}: output '{_outputs[0]}' is {OnnxSession.Shape(shape)} for a text of "
                + $"{length.ToString(CultureInfo.InvariantCulture)} tokens, not {OnnxSession.Shape(expected)}");
        }

        ReadOnlySpan<float> data = output.GetTensorDataAsSpan<float>();
        if (pooled)
        {
            data.CopyTo(vector);
        }
        else
        {
            VectorMean.Of(data, Dimensions, vector);
        }
    }
}
