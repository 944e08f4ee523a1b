namespace OneRec.Cli.Output;

/// <summary>The format of results on standard output.</summary>
internal enum OutputFormat
{
    /// <summary>Tables for people.</summary>
    Text,

    /// <summary>One JSON value for programs.</summary>
    Json,

    /// <summary>CSV as in RFC 4180: a header, lines ending in CR LF; null is an empty field, an empty string is "".</summary>
    Csv,
}
