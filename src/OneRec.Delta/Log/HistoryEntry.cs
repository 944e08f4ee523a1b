namespace OneRec.Delta;

/// <summary>One commit of a table's log.</summary>
/// <param name="Version">The version it made.</param>
/// <param name="Timestamp">When, by the commit itself; by the file's time where it does not say.</param>
/// <param name="Operation">Such as <c>WRITE</c>; null where the commit does not say.</param>
/// <param name="OperationParameters">Parameters by name, as text.</param>
/// <param name="UserMetadata">Free text of the writer; null where there is none.</param>
/// <param name="EngineInfo">The program that wrote it; null where the commit does not say.</param>
/// <param name="ChangesData">Whether it adds or removes rows (not for compactions and changes of properties).</param>
public sealed record HistoryEntry(
    long Version,
    DateTimeOffset Timestamp,
    string? Operation,
    IReadOnlyDictionary<string, string?> OperationParameters,
    string? UserMetadata,
    string? EngineInfo,
    bool ChangesData);
