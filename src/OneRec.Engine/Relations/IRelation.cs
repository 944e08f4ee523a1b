using Apache.Arrow;

namespace OneRec.Engine.Relations;

/// <summary>Rows that an engine can produce; belongs to the engine that made it.</summary>
public interface IRelation
{
    /// <summary>Column names and Arrow types.</summary>
    Schema Schema { get; }
}

/// <summary>A relation computed once and held in scratch. Disposing it frees the space early.</summary>
public interface IKeptRelation : IRelation, IDisposable
{
    /// <summary>Rows kept.</summary>
    long Rows { get; }

    /// <summary>The rows of one part of the layout, in its order, reading nothing else.</summary>
    /// <param name="part">A value of the layout's part column.</param>
    IRelation Part(int part);
}

/// <summary>How a kept relation is laid out.</summary>
/// <param name="PartColumn">An int column; rows of one value lie together and are read alone. Null: one part, 0.</param>
/// <param name="SortBy">Order of rows within a part. Null: as they come.</param>
/// <param name="IsByPart">
/// The rows come with those of a part together, as a map over a relation kept by the same column gives them.
/// </param>
public readonly record struct ScratchLayout(
    string? PartColumn = null, IReadOnlyList<string>? SortBy = null, bool IsByPart = false);
