namespace OneRec.Delta;

/// <summary>How data files are cut and packed.</summary>
public sealed record DataFileOptions
{
    /// <summary>A file is closed after the row group that takes it past this size.</summary>
    /// <value>Bytes of uncompressed values, at least 1. Default 256 MiB.</value>
    public long TargetFileBytes { get; init; } = 256L << 20;

    /// <summary>A row group is closed when its values reach this size; it is held in memory until then.</summary>
    /// <value>Bytes of uncompressed values, at least 1. Default 32 MiB.</value>
    public long RowGroupBytes { get; init; } = 32L << 20;

    /// <summary>Rows in a row group.</summary>
    /// <value>1 to 10,000,000. Default 1,000,000.</value>
    public int RowGroupRows { get; init; } = 1_000_000;

    /// <summary>Partitions that are written at once; past that, the one written longest ago is closed.</summary>
    /// <value>At least 1. Default 16.</value>
    public int OpenPartitions { get; init; } = 16;

    /// <summary>Compression of pages. Default Zstandard.</summary>
    public DataFileCompression Compression { get; init; } = DataFileCompression.Zstd;
}
