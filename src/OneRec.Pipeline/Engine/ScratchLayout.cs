namespace OneRec.Pipeline.Engine;

/// <summary>How a kept relation is laid out.</summary>
/// <param name="PartColumn">An int column; rows of one value lie together and are read alone. Null: one part, 0.</param>
/// <param name="SortBy">Order of rows within a part. Null: as they come.</param>
/// <param name="IsByPart">
/// The rows come with those of a part together, as a map over a relation kept by the same column gives them.
/// </param>
public readonly record struct ScratchLayout(
    string? PartColumn = null, IReadOnlyList<string>? SortBy = null, bool IsByPart = false);
