using Apache.Arrow;

namespace OneRec.Engine.Tables;

/// <summary>A table of the job: name, columns and partition columns.</summary>
/// <param name="Name">The folder under <c>tables</c>.</param>
/// <param name="Schema">Columns in order, partition columns included; list elements non-null.</param>
/// <param name="PartitionColumns">Names of partition columns.</param>
public sealed record TableDefinition(string Name, Schema Schema, IReadOnlyList<string> PartitionColumns);
