using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OneRec.Csv.Records;

/// <summary>Where the names of the columns are: in the first record, or nowhere, or given.</summary>
[JsonConverter(typeof(CsvHeaderConverter))]
[Description("true, false or a list of names")]
public sealed class CsvHeader
{
    private CsvHeader(bool isInFile, IReadOnlyList<string>? names) => (IsInFile, Names) = (isInFile, names);

    /// <summary>The first record has the names.</summary>
    public static CsvHeader InFile { get; } = new(true, null);

    /// <summary>There are no names; the columns are <see cref="NameOf"/>.</summary>
    public static CsvHeader Absent { get; } = new(false, null);

    /// <summary>Whether the first record has the names.</summary>
    public bool IsInFile { get; }

    /// <summary>The given names; null: none are given.</summary>
    public IReadOnlyList<string>? Names { get; }

    /// <summary>The names of files that have none.</summary>
    /// <param name="names">A name a column; at least one, without repetition.</param>
    public static CsvHeader Of(IReadOnlyList<string> names) => new(false, names);

    /// <summary>The name of a column that has none: <c>column1</c> is the first.</summary>
    /// <param name="place">0-based.</param>
    public static string NameOf(int place) => string.Create(CultureInfo.InvariantCulture, $"column{place + 1}");

    /// <inheritdoc/>
    public override string ToString() =>
        Names is not null ? string.Join(", ", Names) : IsInFile ? "true" : "false";
}

/// <summary>Reads true, false or a list of names.</summary>
internal sealed class CsvHeaderConverter : JsonConverter<CsvHeader>
{
    /// <inheritdoc/>
    public override CsvHeader Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            return reader.GetBoolean() ? CsvHeader.InFile : CsvHeader.Absent;
        }

        string[]? names = reader.TokenType == JsonTokenType.StartArray ? JsonSerializer.Deserialize<string[]>(ref reader, options) : null;
        return names is { Length: > 0 } && names.All(n => !string.IsNullOrEmpty(n))
            ? CsvHeader.Of(names)
            : throw new JsonException();
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, CsvHeader value, JsonSerializerOptions options)
    {
        if (value.Names is null)
        {
            writer.WriteBooleanValue(value.IsInFile);
        }
        else
        {
            JsonSerializer.Serialize(writer, value.Names, options);
        }
    }
}
