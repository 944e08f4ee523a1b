namespace OneRec.Delta;

/// <summary>What a commit says of itself (action <c>commitInfo</c>). Every part is optional.</summary>
/// <param name="Timestamp">Milliseconds since 1970 UTC.</param>
/// <param name="Operation">Such as <c>WRITE</c>.</param>
/// <param name="OperationParameters">Parameters by name, as text (JSON text where they are no strings).</param>
/// <param name="UserMetadata">Free text of the writer.</param>
/// <param name="EngineInfo">The program that wrote it.</param>
public sealed record CommitInfo(
    long? Timestamp,
    string? Operation,
    IReadOnlyDictionary<string, string?> OperationParameters,
    string? UserMetadata,
    string? EngineInfo) : TableAction;
