namespace OneRec.Delta;

/// <summary>Sizes, row groups and compression of data files.</summary>
public sealed record DataFileOptions
{
    /// <summary>A file is closed after the row group that makes it exceed this size.</summary>
    /// <value>Bytes of uncompressed values, at least 1. Default 256 MiB.</value>
    public long TargetFileBytes { get; init; } = 256L << 20;

    /// <summary>A row group is closed when its values reach this size; it is held in memory until then.</summary>
    /// <value>Bytes of uncompressed values, at least 1. Default 32 MiB.</value>
    public long RowGroupBytes { get; init; } = 32L << 20;

    /// <summary>Maximum rows per row group.</summary>
    /// <value>1 to 10,000,000. Default 1,000,000.</value>
    public int RowGroupRows { get; init; } = 1_000_000;

    /// <summary>Maximum partitions open at once; beyond that, the one written to longest ago is closed.</summary>
    /// <value>At least 1. Default 16.</value>
    public int OpenPartitions { get; init; } = 16;

    /// <summary>Names of columns that are null if the rows do not have them. Without it, every column must be given.</summary>
    /// <value>Default: none.</value>
    public IReadOnlyCollection<string> NullIfAbsent { get; init; } = [];

    /// <summary>Compression of pages. Default Zstandard.</summary>
    public DataFileCompression Compression { get; init; } = DataFileCompression.Zstd;
}

/// <summary>The compression of a data file's pages.</summary>
public enum DataFileCompression
{
    /// <summary>Zstandard at the library's default level, 1: small files.</summary>
    Zstd,

    /// <summary>Snappy: every reader supports it.</summary>
    Snappy,
}
