using Apache.Arrow;

namespace OneRec.Delta;

/// <summary>The rows of a batch that belong to one partition.</summary>
/// <param name="Key">One text for one partition.</param>
/// <param name="Folder">Relative to the table's; empty without partition columns.</param>
/// <param name="Values">A text for each partition column.</param>
/// <param name="Columns">All columns of the table, to be disposed.</param>
/// <param name="Rows">Rows.</param>
internal sealed record PartitionRows(
    string Key,
    string Folder,
    IReadOnlyDictionary<string, string?> Values,
    IReadOnlyList<ArrayData> Columns,
    int Rows);
