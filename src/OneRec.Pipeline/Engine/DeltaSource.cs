using Apache.Arrow;

namespace OneRec.Pipeline.Engine;

/// <summary>A version of a Delta table that is not ours, to be read with types that fit its columns.</summary>
/// <param name="Folder">Its folder, full path.</param>
/// <param name="Version">The version.</param>
/// <param name="Columns">Columns to read, partition columns among them; types as of <see cref="ParquetSource.Columns"/>.</param>
public sealed record DeltaSource(string Folder, long Version, Schema Columns)
{
    /// <summary>
    /// Partition values (a text or null for each partition column of the table, in its order) of which alone rows are
    /// wanted. A hint: rows of others may come too. Null: all.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<string?>>? Partitions { get; init; }
}
