using System.Text.Json.Serialization;

namespace OneRec.Pipeline.Steps.Assign;

/// <summary>What becomes of an item where no code of its prefix has room.</summary>
public enum WhenFull
{
    /// <summary>It keeps its nearest code, beyond the limit.</summary>
    [JsonStringEnumMemberName("exceed")]
    Exceed,

    /// <summary>The step fails and writes nothing.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,
}
