using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OneRec.Core;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Onnx;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Text;

/// <summary>A text model, loaded once: token ids in, one vector per text out. Thread-safe.</summary>
/// <remarks>
/// On the CPU, a row's vector depends neither on its batch nor on the number of threads: there is one intra-op thread per
/// call, and rows share a call only if they have the same length and the model, when loaded, returned the same bits for rows
/// alone and together (<see cref="BatchProbe"/>). On a device, rows are padded to a small set of shapes.
/// </remarks>
public sealed class TextEncoder : IDisposable
{
    private readonly OnnxModel _model;
    private readonly TextManifest _manifest;
    private readonly int? _fixedLength;

    // A pooled output may keep axes of length 1: [batch, dimensions, 1, 1].
    private long[] _pooledOver = [];

    private TextEncoder(OnnxModel model, TextManifest manifest, TextTokenizer tokenizer)
    {
        _model = model;
        _manifest = manifest;
        Tokenizer = tokenizer;
        int[] shape = model.Inputs[manifest.IdsInput].Dimensions;
        _fixedLength = shape[1] > 0 ? shape[1] : null;
        bool together = manifest.Quantization == Quantization.None && shape[0] < 0;
        Batching = !together ? Batching.Alone
            : model.Device.IsCuda && manifest.MaskInput is not null ? Batching.Padded
            : Batching.EqualLengths;
    }

    /// <summary>Length of a vector.</summary>
    public int Dimensions => _manifest.Dimensions;

    /// <summary>Converts text to the ids that <see cref="Encode(IReadOnlyList{int[]}, RowVector)"/> takes.</summary>
    public TextTokenizer Tokenizer { get; }

    /// <summary>Which texts share a call.</summary>
    public Batching Batching { get; private set; }

    /// <summary>The device it runs on.</summary>
    public ExecutionDevice Device => _model.Device;

    /// <summary>On a device, the number of nodes per provider; null on the CPU.</summary>
    public string? Placement { get; private set; }

    /// <summary>Loads a model.</summary>
    /// <param name="folder">A folder with a text model.</param>
    /// <param name="device">The device to run on; null for the CPU.</param>
    /// <exception cref="OneRecException">
    /// Engine error: a file does not exist (<c>model.no-file</c>), is not ONNX (<c>model.not-onnx</c>), has other inputs or
    /// outputs than the manifest says (<c>model.input</c>, <c>model.output</c>), or the device is not available or not used
    /// (<c>embed.cuda</c>, <c>embed.placement</c>). Configuration error <c>model.kind</c>: not a text model.
    /// </exception>
    public static TextEncoder Open(IModelFiles folder, ExecutionDevice? device = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        TextManifest manifest = folder.Expect<TextManifest>(TextManifest.Name);
        folder.Existing(manifest.Onnx);
        TextTokenizer tokenizer = TextTokenizer.Open(folder, manifest);
        InputSignature[] inputs = [.. manifest.Inputs.Select(name => new InputSignature(name, TensorElementType.Int64, [-1, -1], "[batch, length]"))];
        return OnnxModel.Open(folder, device, inputs, "ids, mask or types", model =>
        {
            var encoder = new TextEncoder(model, manifest, tokenizer);
            encoder.TryOut();
            return encoder;
        });
    }

    /// <summary>The vector of one text.</summary>
    /// <param name="ids">Token ids, including special tokens; at least 1.</param>
    /// <param name="vector">Out [<see cref="Dimensions"/>].</param>
    /// <exception cref="OneRecException">As in the other overload.</exception>
    public void Encode(int[] ids, float[] vector)
    {
        ArgumentNullException.ThrowIfNull(vector);
        ArgumentOutOfRangeException.ThrowIfNotEqual(vector.Length, Dimensions);
        try
        {
            Encode([ids], _ => vector);
        }
        catch (RowFailure failure)
        {
            throw failure.Cause;
        }
    }

    /// <summary>Encodes texts: the pooled output, or else the mean of the token outputs.</summary>
    /// <param name="texts">Token ids of each text, including special tokens; at least 1, at most the model's length.</param>
    /// <param name="vectors">Returns the memory for each vector, [<see cref="Dimensions"/>].</param>
    /// <exception cref="RowFailure">Engine error <c>model.not-finite</c> for the first such row.</exception>
    /// <exception cref="OneRecException">Engine error <c>model.run</c>: the model failed.</exception>
    public void Encode(IReadOnlyList<int[]> texts, RowVector vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        Run(texts, _manifest.PooledOutput is not null, (output, i, length, row) =>
        {
            Span<float> vector = vectors(row);
            Read(output, i, length, texts[row].Length, vector);
            return vector;
        });
    }

    /// <summary>Encodes texts: one vector per token; one per text if the manifest names no output of tokens.</summary>
    /// <param name="texts">As in <see cref="Encode(IReadOnlyList{int[]}, RowVector)"/>.</param>
    /// <param name="vectors">Returns the memory for the vectors of each text, [n, <see cref="Dimensions"/>].</param>
    /// <exception cref="RowFailure">Likewise.</exception>
    /// <exception cref="OneRecException">Likewise.</exception>
    public void EncodeTokens(IReadOnlyList<int[]> texts, RowVectors vectors)
    {
        ArgumentNullException.ThrowIfNull(vectors);
        bool pooled = _manifest.TokensOutput is null;
        Run(texts, pooled, (output, i, length, row) =>
        {
            (int start, int count) = pooled ? (i, 1) : (i * length, texts[row].Length);
            Span<float> own = vectors(row, count);
            output.Slice(start * Dimensions, count * Dimensions).CopyTo(own);
            return own;
        });
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    // Returns what it read of a row of the output.
    private delegate Span<float> ReadRow(ReadOnlySpan<float> output, int place, int length, int row);

    private void Run(IReadOnlyList<int[]> texts, bool pooled, ReadRow read)
    {
        ArgumentNullException.ThrowIfNull(texts);
        int[] lengths = [.. texts.Select(t => t.Length)];
        ArgumentOutOfRangeException.ThrowIfZero(lengths.DefaultIfEmpty(1).Min());
        var finite = new FiniteRows(_model.Folder);
        foreach (TextBatch batch in TextBatch.Plan(lengths, Batching, _manifest.MaxLength, _fixedLength))
        {
            _model.Run(
                [.. _manifest.Inputs.Select(name => new TensorShape(name, TensorElementType.Int64, batch.Count, batch.Length))],
                Output(pooled, batch.Count, batch.Length),
                call => Fill(call, batch, texts),
                call =>
                {
                    for (int i = 0; i < batch.Rows.Count; i++)
                    {
                        finite.Check(batch.Rows[i], read(call.Output, i, batch.Length, batch.Rows[i]));
                    }
                });
        }

        finite.Require();
    }

    private void Fill(BoundCall call, TextBatch batch, IReadOnlyList<int[]> texts)
    {
        Span<long> ids = call.Whole(0);
        for (int i = 0; i < batch.Count; i++)
        {
            // Padding rows repeat the first text.
            int[] text = texts[batch.Rows[i < batch.Rows.Count ? i : 0]];
            Span<long> row = ids.Slice(i * batch.Length, batch.Length);
            for (int t = 0; t < text.Length; t++)
            {
                row[t] = text[t];
            }

            row[text.Length..].Fill(Tokenizer.PadId);
            if (_manifest.MaskInput is not null)
            {
                Span<long> mask = call.Whole(1).Slice(i * batch.Length, batch.Length);
                mask[..text.Length].Fill(1);
                mask[text.Length..].Clear();
            }
        }

        if (_manifest.TypesInput is not null)
        {
            call.Whole(_manifest.MaskInput is null ? 1 : 2).Clear();
        }
    }

    private void Read(ReadOnlySpan<float> output, int row, int length, int tokens, Span<float> vector)
    {
        int d = Dimensions;
        if (_manifest.PooledOutput is not null)
        {
            output.Slice(row * d, d).CopyTo(vector);
        }
        else
        {
            VectorMean.Of(output.Slice(row * length * d, tokens * d), d, vector);
        }
    }

    private TensorShape Output(bool pooled, long count, long length) => pooled
        ? new TensorShape(_manifest.PooledOutput!, TensorElementType.Float, [count, Dimensions, .. _pooledOver])
        : new TensorShape(_manifest.TokensOutput!, TensorElementType.Float, count, length, Dimensions);

    /// <summary>Runs a first text to learn the shape of the output, how rows may share calls, and where operators run.</summary>
    private void TryOut()
    {
        int[] text = Tokenizer.Encode([new TextPart("one two, three: four five")], " ");
        OrtValue[] inputs = [.. Values(text)];
        try
        {
            RequireShape(_model.OutputShape(inputs), text.Length);
            if (Batching == Batching.EqualLengths && !BatchProbe.RowsAreIndependent(this, text, _manifest.MaxLength))
            {
                Batching = Batching.Alone;
            }

            Placement = _model.Placement(inputs);
        }
        finally
        {
            Array.ForEach(inputs, v => v.Dispose());
        }
    }

    private void RequireShape(long[] shape, int tokens)
    {
        _pooledOver = _manifest.PooledOutput is not null ? [.. shape.Skip(2).TakeWhile(d => d == 1)] : [];
        long[] expected = Output(_manifest.PooledOutput is not null, 1, _fixedLength ?? tokens).Dimensions;
        if (!shape.SequenceEqual(expected))
        {
            string input = $"a text with {tokens.ToString(CultureInfo.InvariantCulture)} tokens";
            throw OnnxSignature.WrongShape(_model.Folder, shape, input, expected);
        }
    }

    /// <summary>The inputs of one text, padded if the model has a fixed length.</summary>
    private IEnumerable<OrtValue> Values(int[] text)
    {
        int length = _fixedLength ?? text.Length;
        long[] shape = [1, length];
        yield return OrtValue.CreateTensorValueFromMemory(
            [.. text.Select(i => (long)i), .. Enumerable.Repeat((long)Tokenizer.PadId, length - text.Length)], shape);
        if (_manifest.MaskInput is not null)
        {
            yield return OrtValue.CreateTensorValueFromMemory(
                [.. Enumerable.Range(0, length).Select(t => t < text.Length ? 1L : 0)], shape);
        }

        if (_manifest.TypesInput is not null)
        {
            yield return OrtValue.CreateTensorValueFromMemory(new long[length], shape);
        }
    }
}

/// <summary>
/// Tests whether a model returns the same bits for a row alone and in a batch of the same length. It may not: for a batch of
/// one row, ONNX Runtime uses other code for some operators (reductions, matrix products), with another summation order.
/// </summary>
internal static class BatchProbe
{
    // Short and long, odd and even, multiples of vector widths and others: such code paths depend on them.
    private static readonly int[] Lengths = [3, 4, 5, 8, 13, 16, 31, 48];
    private static readonly int[] Counts = [2, 8];

    /// <summary>Runs rows of several lengths alone and together, and compares all bits.</summary>
    /// <param name="encoder">A float model on the CPU.</param>
    /// <param name="ids">Token ids from its vocabulary.</param>
    /// <param name="maxLength">The maximum length that the model allows.</param>
    public static bool RowsAreIndependent(TextEncoder encoder, int[] ids, int maxLength) => Lengths
        .Where(length => length <= maxLength)
        .All(length =>
        {
            int[][] rows = [.. Enumerable.Range(0, Counts.Max()).Select(r => Row(ids, r, length))];
            float[][] alone = [.. rows.Select(row => Vectors(encoder, [row])[0])];
            return Counts.All(count => Vectors(encoder, rows[..count])
                .Zip(alone)
                .All(v => v.First.AsSpan().SequenceEqual(v.Second)));
        });

    // Each row has its own order of the tokens, so that rows differ from the first token on.
    private static int[] Row(int[] ids, int row, int length) =>
        [.. Enumerable.Range(0, length).Select(t => ids[((t * (row + 1)) + row) % ids.Length])];

    private static float[][] Vectors(TextEncoder encoder, int[][] rows)
    {
        float[][] vectors = [.. rows.Select(_ => new float[encoder.Dimensions])];
        try
        {
            encoder.Encode(rows, row => vectors[row]);
        }
        catch (RowFailure)
        {
            // NaN for made-up texts says nothing about real ones; each row is checked when it is embedded.
        }

        return vectors;
    }
}
