using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OneRec.Core;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Onnx;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Aligned;

/// <summary>An aligned model, loaded once: the token vectors of an item's blocks in, its embedding out. Thread-safe.</summary>
/// <remarks>
/// On the CPU, one item per call, without padding: its embedding does not depend on other items. On a device, items of
/// similar lengths share a call, padded to a small set of shapes.
/// </remarks>
public sealed class AlignedEncoder : IDisposable
{
    private const int DeviceItems = 256;
    private const int PaddedTo = 16;

    private readonly OnnxModel _model;
    private readonly QFormerManifest _manifest;

    private AlignedEncoder(OnnxModel model, QFormerManifest manifest)
    {
        _model = model;
        _manifest = manifest;
    }

    /// <summary>Length of an embedding.</summary>
    public int Dimensions => _manifest.Dimensions;

    /// <summary>The blocks whose token vectors it reads.</summary>
    public IReadOnlyList<QFormerBlock> Blocks => _manifest.Blocks;

    /// <summary>The device it runs on.</summary>
    public ExecutionDevice Device => _model.Device;

    /// <summary>On a device, the number of nodes per provider; null on the CPU.</summary>
    public string? Placement { get; private set; }

    /// <summary>Loads a model.</summary>
    /// <param name="folder">A folder with a model of kind <c>qformer</c>.</param>
    /// <param name="device">The device to run on; null for the CPU.</param>
    /// <exception cref="OneRecException">As in <see cref="Text.TextEncoder.Open"/>.</exception>
    public static AlignedEncoder Open(IModelFiles folder, ExecutionDevice? device = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        QFormerManifest manifest = folder.Expect<QFormerManifest>(QFormerManifest.Name);
        folder.Existing(manifest.Onnx);
        InputSignature[] inputs =
        [
            .. manifest.Blocks.SelectMany(b => new InputSignature[]
            {
                new(b.Tokens, TensorElementType.Float, [-1, -1, b.Dimensions], $"[batch, length, {b.Dimensions}]"),
                new(b.Mask, TensorElementType.Float, [-1, -1], "[batch, length]"),
            }),
        ];
        return OnnxModel.Open(folder, device, inputs, "blocks", model =>
        {
            var encoder = new AlignedEncoder(model, manifest);
            encoder.TryOut();
            return encoder;
        });
    }

    /// <summary>Encodes items.</summary>
    /// <param name="count">Number of items.</param>
    /// <param name="tokens">Returns an item's token vectors of a block, [n, dimensions] row-major; each item has some.</param>
    /// <param name="vectors">Returns the memory for each embedding, [<see cref="Dimensions"/>].</param>
    /// <exception cref="RowFailure">Engine error <c>model.not-finite</c> for the first such item.</exception>
    /// <exception cref="OneRecException">Engine error <c>model.run</c>: the model failed.</exception>
    public void Encode(int count, TokensOf tokens, RowVector vectors)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(vectors);
        var finite = new FiniteRows(_model.Folder);
        foreach (int[] rows in Calls(count, tokens))
        {
            int[] lengths = [.. Enumerable.Range(0, Blocks.Count).Select(b => rows.Max(row => Padded(tokens(row, b).Length / Blocks[b].Dimensions)))];
            int places = Device.IsCuda ? (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)rows.Length) : rows.Length;
            _model.Run(
                Shapes(places, lengths),
                new TensorShape(_manifest.Output, TensorElementType.Float, places, Dimensions),
                call => Fill(call, rows, places, lengths, tokens),
                call =>
                {
                    for (int i = 0; i < rows.Length; i++)
                    {
                        Span<float> vector = vectors(rows[i]);
                        call.Output.Slice(i * Dimensions, Dimensions).CopyTo(vector);
                        finite.Check(rows[i], vector);
                    }
                });
        }

        finite.Require();
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private IEnumerable<int[]> Calls(int count, TokensOf tokens) => Device.IsCuda
        ? Enumerable.Range(0, count)
            .OrderBy(row => Enumerable.Range(0, Blocks.Count).Sum(b => tokens(row, b).Length / Blocks[b].Dimensions))
            .Chunk(DeviceItems)
        : Enumerable.Range(0, count).Select(row => new[] { row });

    // A block without data has one vector of zeros, which the mask hides.
    private int Padded(int length) => Device.IsCuda ? Math.Max(1, (length + PaddedTo - 1) / PaddedTo) * PaddedTo : Math.Max(1, length);

    private TensorShape[] Shapes(int rows, int[] lengths) =>
    [
        .. Blocks.SelectMany((block, b) => new TensorShape[]
        {
            new(block.Tokens, TensorElementType.Float, rows, lengths[b], block.Dimensions),
            new(block.Mask, TensorElementType.Float, rows, lengths[b]),
        }),
    ];

    private void Fill(BoundCall call, int[] rows, int places, int[] lengths, TokensOf tokens)
    {
        for (int b = 0; b < Blocks.Count; b++)
        {
            int d = Blocks[b].Dimensions;
            Span<float> values = call.Floats(2 * b);
            Span<float> mask = call.Floats((2 * b) + 1);
            values.Clear();
            mask.Clear();
            for (int i = 0; i < places; i++)
            {
                // Padding rows repeat the first item.
                ReadOnlySpan<float> own = tokens(rows[i < rows.Length ? i : 0], b);
                own.CopyTo(values[(i * lengths[b] * d)..]);
                mask.Slice(i * lengths[b], own.Length / d).Fill(1);
            }
        }
    }

    /// <summary>Runs a first item to learn the shape of the output and where operators run.</summary>
    private void TryOut()
    {
        OrtValue[] inputs =
        [
            .. Blocks.SelectMany(block => new[]
            {
                OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(1f, 2 * block.Dimensions).ToArray(), [1, 2, block.Dimensions]),
                OrtValue.CreateTensorValueFromMemory(new[] { 1f, 1 }, [1, 2]),
            }),
        ];
        try
        {
            long[] shape = _model.OutputShape(inputs);
            long[] expected = [1, Dimensions];
            if (!shape.SequenceEqual(expected))
            {
                throw OnnxSignature.WrongShape(_model.Folder, shape, "an item with 2 tokens a block", expected);
            }

            Placement = _model.Placement(inputs);
        }
        finally
        {
            Array.ForEach(inputs, v => v.Dispose());
        }
    }
}

/// <summary>Returns an item's token vectors of a block.</summary>
/// <param name="row">Index of the item.</param>
/// <param name="block">Index of the block.</param>
/// <returns>[n, dimensions] row-major; empty if the item has none.</returns>
public delegate ReadOnlySpan<float> TokensOf(int row, int block);
