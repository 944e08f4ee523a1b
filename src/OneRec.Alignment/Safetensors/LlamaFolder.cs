using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Alignment.Networks;
using OneRec.Core;

namespace OneRec.Alignment.Safetensors;

/// <summary>A folder with the weights of a LLaMA model: <c>config.json</c> and safetensors files with LLaMA 3's names.</summary>
internal sealed class LlamaFolder
{
    private readonly string _folder;
    private readonly JsonObject _config;

    private LlamaFolder(string folder, JsonObject config) => (_folder, _config) = (folder, config);

    /// <summary>The token that ends a text.</summary>
    public int EndToken => _config["eos_token_id"] is JsonArray several ? (int)several[0]! : Whole("eos_token_id");

    /// <summary>Reads the folder's <c>config.json</c>.</summary>
    /// <exception cref="OneRecException">Configuration error <c>align.captions.weights</c>: it is missing or not a model that the decoder can be.</exception>
    public static LlamaFolder Open(string folder)
    {
        string path = Path.Combine(folder, "config.json");
        try
        {
            JsonObject config = JsonNode.Parse(File.ReadAllText(path)) as JsonObject ?? throw new JsonException("not an object");
            RequireKnown(path, config);
            return new LlamaFolder(folder, config);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw OneRecException.Configuration(
                "align.captions.weights", $"{path}: cannot be read ({e.Message.ReplaceLineEndings(" ")}); set align.captions.weights to the folder of a LLaMA model");
        }
    }

    /// <summary>The shape of the decoder.</summary>
    /// <param name="prefix">Length of the vectors that are read as prefix.</param>
    public DecoderShape Shape(int prefix)
    {
        int heads = Whole("num_attention_heads");
        return new DecoderShape
        {
            Vocabulary = Whole("vocab_size"),
            Prefix = prefix,
            Width = Whole("hidden_size"),
            Layers = Whole("num_hidden_layers"),
            Heads = heads,
            KeyHeads = _config["num_key_value_heads"] is null ? heads : Whole("num_key_value_heads"),
            Hidden = Whole("intermediate_size"),
            RotaryBase = _config["rope_theta"] is null ? 10_000 : Number("rope_theta"),
            Epsilon = _config["rms_norm_eps"] is null ? 1e-6 : Number("rms_norm_eps"),
            Tied = _config["tie_word_embeddings"] is JsonValue tied && tied.TryGetValue(out bool isTied) && isTied,
        };
    }

    /// <summary>Overwrites the decoder's weights, but for the projection of the prefix, which is ours.</summary>
    /// <exception cref="OneRecException">A tensor is missing or has another shape, or a file is damaged.</exception>
    public void Load(CaptionDecoder decoder)
    {
        string[] paths = [.. Directory.EnumerateFiles(_folder, "*.safetensors").Order(StringComparer.Ordinal)];
        SafetensorsFile[] files = [.. paths.Select(SafetensorsFile.Open)];
        try
        {
            decoder.Parameters.Load((name, shape) => name == CaptionDecoder.PrefixName ? null : Tensor(files, name, shape));
        }
        finally
        {
            Array.ForEach(files, f => f.Dispose());
        }
    }

    // What would change the numbers of a layer must not be passed over.
    private static void RequireKnown(string path, JsonObject config)
    {
        string? unknown = (string?)config["model_type"] != "llama"
            ? $"model_type is {config["model_type"]?.ToJsonString() ?? "missing"}, not \"llama\""
            : new[] { "rope_scaling", "attention_bias", "mlp_bias" }.FirstOrDefault(key => config[key] is { } value && value.ToJsonString() != "false") is { } key
                ? $"{key} is {config[key]!.ToJsonString()}, which the decoder has not"
                : null;
        if (unknown is not null)
        {
            throw OneRecException.Configuration("align.captions.weights", $"{path}: {unknown}; name another model, or train from scratch");
        }
    }

    private float[] Tensor(SafetensorsFile[] files, string name, long[] shape) =>
        (files.FirstOrDefault(f => f.Tensors.ContainsKey(name)) ?? throw OneRecException.Configuration(
            "align.captions.weights", $"{_folder}: no *.safetensors file has tensor {name}; copy all files of the model there")).Read(name, shape);

    private int Whole(string key) => Number(key) is var number && number == (int)number && number >= 0 ? (int)number : throw Wrong(key);

    private double Number(string key) => _config[key] is JsonValue value && value.TryGetValue(out double number) ? number : throw Wrong(key);

    private OneRecException Wrong(string key) => OneRecException.Configuration(
        "align.captions.weights", $"{Path.Combine(_folder, "config.json")}: {key} is not a number that a LLaMA model has");
}
