using OneRec.Core;

namespace OneRec.Scoring.Manifests;

/// <summary>The manifest of an image encoder: pixels in, one vector per image or per patch out.</summary>
public sealed record ImageManifest : ModelManifest
{
    /// <summary>The <c>kind</c> in the manifest.</summary>
    public const string Name = "image";

    /// <summary>Width of the model's input in pixels.</summary>
    /// <value>1 to 4,096.</value>
    public required int Width { get; init; }

    /// <summary>Height of the model's input in pixels.</summary>
    /// <value>1 to 4,096.</value>
    public required int Height { get; init; }

    /// <summary>
    /// The length in pixels to which the shorter side is resized before the centre is cropped; null: the image is stretched to
    /// the input size instead.
    /// </summary>
    /// <value>At least the longer side of the input, at most 8,192.</value>
    public required int? ShorterSide { get; init; }

    /// <summary>The value of a full channel: 1 or 255. Mean and deviation are in this unit.</summary>
    public required int Range { get; init; }

    /// <summary>Subtracted from each channel, in the channel order given by <see cref="BlueFirst"/>.</summary>
    public required IReadOnlyList<double> Mean { get; init; }

    /// <summary>Each channel is divided by this after the mean is subtracted.</summary>
    public required IReadOnlyList<double> Deviation { get; init; }

    /// <summary>Whether the channel order is blue, green, red (<c>bgr</c>) instead of <c>rgb</c>.</summary>
    public required bool BlueFirst { get; init; }

    /// <summary>Whether the input is [batch, height, width, 3] (<c>nhwc</c>) instead of [batch, 3, height, width].</summary>
    public required bool ChannelsLast { get; init; }

    /// <summary>Name of the float input.</summary>
    public required string PixelsInput { get; init; }

    /// <summary>Shape of one image in the input.</summary>
    public IReadOnlyList<int> Shape => ChannelsLast ? [Height, Width, 3] : [3, Height, Width];

    /// <summary>Number of floats per image in the input.</summary>
    public int Floats => 3 * Width * Height;

    /// <inheritdoc/>
    public override string Kind => Name;

    /// <inheritdoc/>
    internal override string VectorsWord => "patches";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Inputs => [PixelsInput];

    /// <summary>Reads the keys of an image manifest; adds errors to <paramref name="problems"/>.</summary>
    internal static ImageManifest Read(ManifestKeys top, string canonical, Problems problems)
    {
        AllowOnly(top, "image");
        string onnx = top.FileName("onnx");
        IReadOnlyList<string> data = top.FileNames("data");
        Quantization quantization = ReadQuantization(top);
        int dimensions = ReadDimensions(top);
        ManifestKeys image = top.Section("image");
        image.AllowOnly("width", "height", "shorterSide", "range", "mean", "deviation", "channels", "layout");
        int width = image.Whole("width", 1, 4_096);
        int height = image.Whole("height", 1, 4_096);
        int? shorter = image.Has("shorterSide") ? image.Whole("shorterSide", Math.Max(1, Math.Max(width, height)), 8_192) : null;
        int range = image.Whole("range", 1, 255);
        if (range is not (0 or 1 or 255))
        {
            problems.Add($"image.range must be 1 or 255 (got {range})");
        }

        IReadOnlyList<double> mean = image.Numbers("mean", 3, double.MinValue);
        IReadOnlyList<double> deviation = image.Numbers("deviation", 3, double.Epsilon);
        string channels = image.OneOf("channels", "rgb", "bgr");
        string layout = image.OneOf("layout", "nchw", "nhwc");
        ManifestKeys inputs = top.Section("inputs");
        inputs.AllowOnly("pixels");
        string pixels = inputs.Name("pixels") ?? inputs.Missing("pixels");
        (string? pooled, string? tokens) = ReadOutputs(top, problems);
        return new ImageManifest
        {
            Onnx = onnx,
            Data = data,
            Quantization = quantization,
            Dimensions = dimensions,
            Width = width,
            Height = height,
            ShorterSide = shorter,
            Range = range,
            Mean = mean,
            Deviation = deviation,
            BlueFirst = channels == "bgr",
            ChannelsLast = layout == "nhwc",
            PixelsInput = pixels,
            PooledOutput = pooled,
            TokensOutput = tokens,
            Canonical = canonical,
        };
    }
}
