namespace OneRec.Pipeline.Inputs;

/// <summary>How an input's files are written.</summary>
public enum InputFormat
{
    /// <summary>RFC 4180 text with a header, <c>.csv</c> or <c>.csv.gz</c>.</summary>
    Csv,

    /// <summary>Apache Parquet, <c>.parquet</c>.</summary>
    Parquet,

    /// <summary>A folder with a <c>_delta_log</c>.</summary>
    Delta,
}
