namespace OneRec.Export.Formats;

/// <summary>All formats.</summary>
public static class ExportFormats
{
    /// <summary>All, in the order in which help lists them.</summary>
    public static IReadOnlyList<IExportFormat> All { get; } =
    [
        new OpenOneRecFormat(),
        IndexJsonFormat.MiniOneRec,
        IndexJsonFormat.LcRec,
        IndexJsonFormat.Letter,
        new TorchEasyRecFormat(),
        new GridFormat(),
        new JsonLinesFormat(),
        new CsvFormat(),
        new ParquetFormat(),
        new TrieFormat(),
        new TokensFormat(),
    ];
}
