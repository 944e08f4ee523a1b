using System.Text.Json;
using System.Text.Json.Serialization;

namespace OneRec.Engine.Tables;

/// <summary>The note that this program puts into the <c>userMetadata</c> of its commits: one JSON object.</summary>
/// <param name="Step">The step that made it.</param>
/// <param name="Run">The run's id.</param>
/// <param name="Fingerprint">The fingerprint of inputs, parameters, seed and algorithm; if it is equal, there is nothing to do.</param>
/// <param name="Complete">False for a commit that is only part of a step's work; the step is then not up to date.</param>
/// <param name="Result">The id of the result, if it has one: the id of a codebook. Otherwise null.</param>
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

    /// <summary>Reads a note; null if the text is not such a note.</summary>
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
