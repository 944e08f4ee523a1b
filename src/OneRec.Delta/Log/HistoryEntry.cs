namespace OneRec.Delta;

/// <summary>One commit of a table's log.</summary>
/// <param name="Version">The version it created.</param>
/// <param name="Timestamp">Its time, from the commit itself, or else from the file.</param>
/// <param name="Operation">Such as <c>WRITE</c>; null if the commit does not say.</param>
/// <param name="OperationParameters">Parameters by name, as text.</param>
/// <param name="UserMetadata">Free text from the writer; null if there is none.</param>
/// <param name="EngineInfo">The program that wrote it; null if the commit does not say.</param>
/// <param name="ChangesData">Whether it adds or removes rows; false for compactions and property changes.</param>
public sealed record HistoryEntry(
    long Version,
    DateTimeOffset Timestamp,
    string? Operation,
    IReadOnlyDictionary<string, string?> OperationParameters,
    string? UserMetadata,
    string? EngineInfo,
    bool ChangesData);
