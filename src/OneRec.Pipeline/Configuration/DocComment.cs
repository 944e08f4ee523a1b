namespace OneRec.Pipeline.Configuration;

/// <summary>A doc comment as plain text, one line each; code in back-quotes.</summary>
/// <param name="Summary">Its summary; empty where there is none.</param>
/// <param name="Value">Its value; empty where there is none.</param>
internal sealed record DocComment(string Summary, string Value)
{
    /// <summary>No comment.</summary>
    public static DocComment None { get; } = new("", "");
}
