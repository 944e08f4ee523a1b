using Apache.Arrow;

namespace OneRec.Pipeline.Engine;

/// <summary>A table at its newest version.</summary>
/// <param name="Version">The newest version.</param>
/// <param name="DataVersion">The newest version that changed data: a table's version as an input.</param>
/// <param name="Schema">Its columns, partition columns included.</param>
public sealed record TableState(long Version, long DataVersion, Schema Schema);
