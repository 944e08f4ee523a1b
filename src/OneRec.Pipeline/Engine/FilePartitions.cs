namespace OneRec.Pipeline.Engine;

/// <summary>Columns that folders name (<c>day=2024-01-31/part.csv</c>, as Hive and Spark write them): texts or null.</summary>
/// <param name="Root">The folder above those that name columns; full path.</param>
/// <param name="Columns">Names in the order of the folders, at least one.</param>
/// <param name="Values">A value a column, for each file of the source in its order.</param>
public sealed record FilePartitions(
    string Root, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string?>> Values);
