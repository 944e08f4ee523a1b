using OneRec.Core;

namespace OneRec.Pipeline.Tests.Steps.Embed;

/// <summary>A row of the catalogue.</summary>
internal sealed record EmbedItem(long Id, string? Title, string? Caption = null, bool Deleted = false)
{
    /// <summary>What changes with the texts.</summary>
    public string Hash => StableHash.Sha256($"{Title}|{Caption}");
}
