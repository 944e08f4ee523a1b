namespace OneRec.Delta;

/// <summary>A file's statistics, typed by the table's columns.</summary>
/// <param name="NumRecords">Rows; null where it is not told.</param>
/// <param name="Columns">By the name of a top-level column; columns without any statistic are not there.</param>
public sealed record FileStatistics(long? NumRecords, IReadOnlyDictionary<string, ColumnStatistics> Columns);
