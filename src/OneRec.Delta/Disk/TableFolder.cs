namespace OneRec.Delta;

/// <summary>A table's folder, with the clock and the disk used for its commits.</summary>
/// <param name="Path">The folder as given; names the table in errors.</param>
/// <param name="Clock">The clock for commit timestamps.</param>
/// <param name="Disk">Writes and links files durably.</param>
internal sealed record TableFolder(string Path, TimeProvider Clock, IDurableFiles Disk);
