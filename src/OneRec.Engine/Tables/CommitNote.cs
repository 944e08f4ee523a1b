using System.Text.Json;
using System.Text.Json.Serialization;

namespace OneRec.Engine.Tables;

/// <summary>What a commit of ours says of itself in <c>userMetadata</c>: one JSON object.</summary>
/// <param name="Step">The step that made it.</param>
/// <param name="Run">The run's id.</param>
/// <param name="Fingerprint">Of inputs, parameters, seed and algorithm: equal means nothing to do.</param>
/// <param name="Complete">False for a commit that is only a part of its step's work (it is then never "up to date").</param>
/// <param name="Result">The id of what it made, where it has one: a codebook's. Null elsewhere.</param>
public sealed record CommitNote(
    [property: JsonPropertyName("step")] string Step,
    [property: JsonPropertyName("run")] string Run,
    [property: JsonPropertyName("fingerprint")] string Fingerprint,
    [property: JsonPropertyName("complete")] bool Complete = true,
    [property: JsonPropertyName("result")]
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Result = null)
{
    /// <summary>The JSON text.</summary>
    public string Write() => JsonSerializer.Serialize(this);

    /// <summary>Reads a note; null where the text is none of ours.</summary>
    public static CommitNote? TryRead(string? userMetadata)
    {
        if (string.IsNullOrEmpty(userMetadata) || userMetadata[0] != '{')
        {
            return null;
        }

        try
        {
            CommitNote? note = JsonSerializer.Deserialize<CommitNote>(userMetadata);
            return note is { Step: not null, Run: not null, Fingerprint: not null } ? note : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
