namespace OneRec.Delta;

/// <summary>How the pages of a data file are compressed.</summary>
public enum DataFileCompression
{
    /// <summary>Zstandard, level 1 of the library's default: small.</summary>
    Zstd,

    /// <summary>Snappy: what every reader has.</summary>
    Snappy,
}
