namespace OneRec.Inputs.Sources;

/// <summary>Where rows lie in their files, by the parts that an engine read these in.</summary>
internal sealed class CsvPlaces
{
    private readonly Dictionary<(long File, long Block), CsvPart> _parts;

    /// <summary>Places of parts.</summary>
    public CsvPlaces(IEnumerable<CsvPart> parts) => _parts = parts.ToDictionary(p => (p.File, p.Block));

    /// <summary>The file's place among those of the source, and the row's number in it.</summary>
    /// <param name="place">As the columns of rows tell.</param>
    public (int File, long Row) Of((long File, long Block, long Row) place)
    {
        CsvPart part = _parts[(place.File, place.Block)];
        return (part.Place, part.Before + place.Row);
    }
}
