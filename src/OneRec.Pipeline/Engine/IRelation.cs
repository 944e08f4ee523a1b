using Apache.Arrow;

namespace OneRec.Pipeline.Engine;

/// <summary>Rows that an engine can produce; belongs to the engine that made it.</summary>
public interface IRelation
{
    /// <summary>Column names and Arrow types.</summary>
    Schema Schema { get; }
}
