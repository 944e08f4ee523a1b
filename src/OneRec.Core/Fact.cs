namespace OneRec.Core;

/// <summary>A short fact: a name and a value as text.</summary>
public sealed record Fact(string Name, string Value);
