namespace OneRec.Inputs.Sources;

/// <summary>Converts row numbers within the parts that an engine read to row numbers in files.</summary>
internal sealed class RowLocator
{
    private readonly Dictionary<(long File, long Block), CsvPart> _parts;

    /// <summary>Creates a locator for parts.</summary>
    public RowLocator(IEnumerable<CsvPart> parts) => _parts = parts.ToDictionary(p => (p.File, p.Block));

    /// <summary>The index of the file in the source, and the row's number in the file.</summary>
    /// <param name="location">The location from a row's columns.</param>
    public (int File, long Row) Locate((long File, long Block, long Row) location)
    {
        CsvPart part = _parts[(location.File, location.Block)];
        return (part.Place, part.Before + location.Row);
    }
}
