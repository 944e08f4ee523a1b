using OneRec.Csv.Columns;

namespace OneRec.Engine.Sources;

/// <summary>Text files, CSV or lines of JSON, to be read as typed columns; those named <c>.gz</c> are gzip, <c>.zst</c> Zstandard.</summary>
/// <param name="Files">Files in lexicographic order, each with the same columns.</param>
/// <param name="Request">What is read of them; fields beyond the header's are the values of <see cref="Partitions"/>.</param>
public sealed record CsvFiles(IReadOnlyList<string> Files, CsvRequest Request)
{
    /// <summary>Columns that the files' folders name; null: none.</summary>
    public FilePartitions? Partitions { get; init; }

    /// <summary>
    /// For each file, the places in it of the request's fields; null within it: they are in the order of the request. Null: in
    /// all files they are.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>?>? Orders { get; init; }

    /// <summary>A file that is only text once it is converted as a whole, and what it is: <c>UTF-16</c>; null: there is none.</summary>
    public (string File, string Kind)? Converted { get; init; }

    /// <summary>Some of the files.</summary>
    /// <param name="places">Their places, ascending.</param>
    public CsvFiles Some(IReadOnlyList<int> places)
    {
        ArgumentNullException.ThrowIfNull(places);
        return this with
        {
            Files = [.. places.Select(p => Files[p])],
            Partitions = Partitions is null ? null : Partitions with { Values = [.. places.Select(p => Partitions.Values[p])] },
            Orders = Orders is null ? null : [.. places.Select(p => Orders[p])],
        };
    }
}

/// <summary>A part of a CSV file that an engine read by itself.</summary>
/// <param name="File">The file as column <see cref="CsvRequest.File"/> has it.</param>
/// <param name="Block">The part as column <see cref="CsvRequest.Block"/> has it.</param>
/// <param name="Place">The file's place among those of the source.</param>
/// <param name="Before">Records of the file before this part, the header not counted.</param>
public readonly record struct CsvPart(long File, long Block, int Place, long Before);
