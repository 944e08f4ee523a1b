using System.Text.Json;
using System.Text.Json.Serialization;
using OneRec.Configuration;
using OneRec.Core;

namespace OneRec.Pipeline.Tests.Configuration;

/// <summary>Options of every shape that the loader knows, so that its tests do not move with the steps' options.</summary>
public sealed record KnownOptions
{
    public long Seed { get; init; } = 1;

    public int? Threads { get; init; }

    [ConfigPath]
    public string Tables { get; init; } = "tables";

    public KnownSection Swing { get; init; } = new();

    public KnownInput Input { get; init; } = new();

    public IReadOnlyDictionary<string, string> Spark { get; init; } = new Dictionary<string, string>();

    public int Derived => Threads ?? 7;

    public void Validate(Problems problems)
    {
        problems.Require(Swing.TopK >= 1, "swing.topK", "must be at least 1", Swing.TopK);
        problems.Require(Seed >= 0, "seed", "must not be negative", Seed);
    }
}

public sealed record KnownSection
{
    public int TopK { get; init; } = 100;

    public double Alpha1 { get; init; } = 15;

    public int? MaxUserItems { get; init; }

    public bool Exact { get; init; }

    public KnownMode Mode { get; init; }

    [JsonConverter(typeof(NumberOrList))]
    public IReadOnlyList<int> Codes { get; init; } = [8192];
}

public enum KnownMode
{
    None,
    Max,

    [JsonStringEnumMemberName("kmeans++")]
    KMeansPlusPlus,
}

public sealed record KnownInput
{
    [ConfigPath(OrTable = true)]
    public string? Items { get; init; }

    [ConfigPath]
    public IReadOnlyList<string> Logs { get; init; } = [];

    public string? Where { get; init; }

    public KnownFields ItemFields { get; init; } = new();

    public IReadOnlyList<KnownBlock> Blocks { get; init; } = [];
}

public sealed record KnownFields
{
    [JsonPropertyName("item_id")]
    public string ItemId { get; init; } = "item_id";
}

[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(KnownTextBlock), "text")]
[JsonDerivedType(typeof(KnownTokenBlock), "tokens")]
public abstract record KnownBlock
{
    public double Weight { get; init; } = 1;
}

public sealed record KnownTextBlock : KnownBlock
{
    [ConfigPath]
    public required string Model { get; init; }
}

public sealed record KnownTokenBlock : KnownBlock;

/// <summary>One number, or a list of them.</summary>
public sealed class NumberOrList : JsonConverter<IReadOnlyList<int>>
{
    public override IReadOnlyList<int> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return [reader.GetInt32()];
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw new JsonException("must be a number or a list of numbers");
        }

        return JsonSerializer.Deserialize<int[]>(ref reader, options)!;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<int> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.ToArray(), options);
}
