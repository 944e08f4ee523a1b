using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OneRec.Core;
using OneRec.Scoring.Manifests;
using OneRec.Scoring.Onnx;
using OneRec.Scoring.Vectors;

namespace OneRec.Scoring.Images;

/// <summary>An image model, loaded once: prepared pixels in, one vector per image out. Thread-safe.</summary>
/// <remarks>On the CPU, one image per call; on a device up to 32, the last call padded to a power of two.</remarks>
public sealed class ImageEncoder : IDisposable
{
    private const int DeviceImages = 32;

    private readonly OnnxModel _model;
    private readonly ImageManifest _manifest;
    private long[] _outputShape = [];

    private ImageEncoder(OnnxModel model, ImageManifest manifest)
    {
        _model = model;
        _manifest = manifest;
        Preparation = new ImagePreparation(manifest);
        int batch = model.Inputs[manifest.PixelsInput].Dimensions[0];
        MaxImages = model.Device.IsCuda && batch < 0 && manifest.Quantization == Quantization.None ? DeviceImages : 1;
    }

    /// <summary>Length of a vector.</summary>
    public int Dimensions => _manifest.Dimensions;

    /// <summary>Converts images to the model's input.</summary>
    public ImagePreparation Preparation { get; }

    /// <summary>Maximum images per call.</summary>
    public int MaxImages { get; }

    /// <summary>Number of floats of a prepared image.</summary>
    public int Floats => _manifest.Floats;

    /// <summary>Vectors per image: 1 if the model pools, otherwise one per patch.</summary>
    public int Vectors => _manifest.PooledOutput is not null ? 1 : (int)_outputShape[1];

    /// <summary>On a device, the number of nodes per provider; null on the CPU.</summary>
    public string? Placement { get; private set; }

    /// <summary>The device it runs on.</summary>
    public ExecutionDevice Device => _model.Device;

    /// <summary>Loads a model.</summary>
    /// <param name="folder">A folder with an image model.</param>
    /// <param name="device">The device to run on; null for the CPU.</param>
    /// <exception cref="OneRecException">As in <see cref="Text.TextEncoder.Open"/>.</exception>
    public static ImageEncoder Open(IModelFiles folder, ExecutionDevice? device = null)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ImageManifest manifest = folder.Expect<ImageManifest>(ImageManifest.Name);
        int[] shape = [-1, .. manifest.Shape];
        string layout = manifest.ChannelsLast
            ? $"[batch, {manifest.Height}, {manifest.Width}, 3]"
            : $"[batch, 3, {manifest.Height}, {manifest.Width}]";
        var pixels = new InputSignature(manifest.PixelsInput, TensorElementType.Float, shape, layout);
        return OnnxModel.Open(folder, device, [pixels], "pixels", model =>
        {
            var encoder = new ImageEncoder(model, manifest);
            encoder.TryOut();
            return encoder;
        });
    }

    /// <summary>Encodes prepared images: the pooled output, or else the mean of each image's patches.</summary>
    /// <param name="images">The images, [<see cref="Floats"/>] each.</param>
    /// <param name="vectors">Returns the memory for each vector, [<see cref="Dimensions"/>].</param>
    /// <exception cref="RowFailure">Engine error <c>model.not-finite</c> for the first such image.</exception>
    /// <exception cref="OneRecException">Engine error <c>model.run</c>: the model failed.</exception>
    public void Encode(IReadOnlyList<float[]> images, RowVector vectors)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(vectors);
        var finite = new FiniteRows(_model.Folder);
        for (int start = 0; start < images.Count; start += MaxImages)
        {
            int there = Math.Min(MaxImages, images.Count - start);
            int count = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)there);
            int first = start;
            _model.Run(
                [new TensorShape(_manifest.PixelsInput, TensorElementType.Float, [count, .. _manifest.Shape.Select(d => (long)d)])],
                new TensorShape(_manifest.Output, TensorElementType.Float, [count, .. _outputShape.AsSpan(1)]),
                call =>
                {
                    for (int i = 0; i < count; i++)
                    {
                        images[first + Math.Min(i, there - 1)].CopyTo(call.Floats(0).Slice(i * Floats, Floats));
                    }
                },
                call =>
                {
                    int floats = Vectors * Dimensions;
                    for (int i = 0; i < there; i++)
                    {
                        Span<float> vector = vectors(first + i);
                        VectorMean.Of(call.Output.Slice(i * floats, floats), Dimensions, vector);
                        finite.Check(first + i, vector);
                    }
                });
        }

        finite.Require();
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    /// <summary>Runs a first image to learn the shape of the output and where operators run.</summary>
    private void TryOut()
    {
        using OrtValue grey = OrtValue.CreateTensorValueFromMemory(
            new float[Floats], [1, .. _manifest.Shape.Select(d => (long)d)]);
        long[] shape = _model.OutputShape([grey]);
        bool pooled = _manifest.PooledOutput is not null;
        bool fits = pooled
            ? shape.Length >= 2 && shape[0] == 1 && shape[1] == Dimensions && shape.Skip(2).All(d => d == 1)
            : shape.Length == 3 && shape[0] == 1 && shape[1] > 0 && shape[2] == Dimensions;
        if (!fits)
        {
            long[] expected = pooled ? [1, Dimensions] : [1, -1, Dimensions];
            throw OnnxSignature.WrongShape(_model.Folder, shape, "an image", expected);
        }

        _outputShape = shape;
        Placement = _model.Placement([grey]);
    }
}
