namespace OneRec.Cli.Output;

/// <summary>How results are written to standard output.</summary>
internal enum OutputFormat
{
    /// <summary>For people: tables.</summary>
    Text,

    /// <summary>For programs: one JSON value.</summary>
    Json,

    /// <summary>RFC 4180: a header, lines that end CR LF, null an empty field, an empty text "".</summary>
    Csv,
}
