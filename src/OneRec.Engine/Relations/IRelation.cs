using Apache.Arrow;

namespace OneRec.Engine.Relations;

/// <summary>Rows that an engine can produce. A relation can only be used with the engine that made it.</summary>
public interface IRelation
{
    /// <summary>Column names and Arrow types.</summary>
    Schema Schema { get; }
}

/// <summary>A relation that was computed once; its rows lie in scratch. Disposing it frees the space early.</summary>
public interface IMaterializedRelation : IRelation, IDisposable
{
    /// <summary>Number of rows.</summary>
    long Rows { get; }

    /// <summary>The rows of one part of the layout, in its order. Nothing else is read.</summary>
    /// <param name="part">A value of the layout's part column.</param>
    IRelation Part(int part);
}

/// <summary>How a materialized relation is stored.</summary>
/// <param name="PartColumn">An int column; rows with the same value are stored together and can be read by themselves. Null: one part, 0.</param>
/// <param name="SortBy">Order of rows within a part. Null: as given.</param>
/// <param name="IsByPart">
/// The rows of each part already come together, as from a map over a relation materialized by the same column.
/// </param>
public readonly record struct ScratchLayout(
    string? PartColumn = null, IReadOnlyList<string>? SortBy = null, bool IsByPart = false);
