namespace OneRec.Pipeline.Configuration;

/// <summary>What is known of one option, for help and the settings page.</summary>
/// <param name="Key">As the user writes it: <c>swing.topK</c>; within a list of records <c>embed.inputs[].model</c>.</param>
/// <param name="Type">What it takes: <c>whole number</c>, <c>text</c>.</param>
/// <param name="Default">Its default as JSON; <c>null</c> for none.</param>
/// <param name="Summary">What it means.</param>
/// <param name="Value">Unit, range and effect.</param>
/// <param name="IsSection">True for a section, which holds options rather than being one.</param>
public sealed record OptionEntry(
    string Key,
    string Type,
    string Default,
    string Summary,
    string Value,
    bool IsSection)
{
    /// <summary>The first part of the key: its section; empty at the root.</summary>
    public string Section => IsSection || Key.Contains('.', StringComparison.Ordinal) ? Key.Split('.')[0] : "";
}
