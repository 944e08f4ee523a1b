using OneRec.Csv.Columns;

namespace OneRec.Engine.Sources;

/// <summary>CSV files (RFC 4180, UTF-8, a header) to be read as typed columns; those named <c>.gz</c> are gzip.</summary>
/// <param name="Files">Files in lexicographic order, each with the same header.</param>
/// <param name="Request">What is read of them; fields beyond the header's are the values of <see cref="Partitions"/>.</param>
public sealed record CsvFiles(IReadOnlyList<string> Files, CsvRequest Request)
{
    /// <summary>Columns that the files' folders name; null: none.</summary>
    public FilePartitions? Partitions { get; init; }
}

/// <summary>A part of a CSV file that an engine read by itself.</summary>
/// <param name="File">The file as column <see cref="CsvRequest.File"/> has it.</param>
/// <param name="Block">The part as column <see cref="CsvRequest.Block"/> has it.</param>
/// <param name="Place">The file's place among those of the source.</param>
/// <param name="Before">Records of the file before this part, the header not counted.</param>
public readonly record struct CsvPart(long File, long Block, int Place, long Before);
