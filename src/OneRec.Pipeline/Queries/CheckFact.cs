using System.Text.Json.Nodes;

namespace OneRec.Pipeline.Queries;

/// <summary>One thing that a look at the inputs shows.</summary>
/// <param name="Section">What it is about: <c>run</c>, <c>catalogue</c>, <c>log</c>, <c>vectors</c>, <c>estimate</c>.</param>
/// <param name="Key">Its name for programs: <c>with_title</c>.</param>
/// <param name="Text">The value for people.</param>
/// <param name="Value">The value for programs: numbers in base units (bytes, seconds, shares of 1), times as ISO 8601.</param>
public sealed record CheckFact(string Section, string Key, string Text, JsonNode? Value);
