namespace OneRec.Cli.Output;

/// <summary>Writes CSV as in RFC 4180: fields separated by commas, lines ending in CR LF, quotes doubled.</summary>
internal static class CsvWriter
{
    /// <summary>Writes one record. Null is an empty field; an empty string is "".</summary>
    public static void WriteLine(TextWriter writer, IEnumerable<string?> fields)
    {
        bool first = true;
        foreach (string? field in fields)
        {
            if (!first)
            {
                writer.Write(',');
            }

            first = false;
            writer.Write(Field(field));
        }

        writer.Write("\r\n");
    }

    private static string Field(string? text) => text switch
    {
        null => "",
        "" => "\"\"",
        _ when text.AsSpan().ContainsAny(",\"\r\n") || text[0] == ' ' || text[^1] == ' ' =>
            $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"",
        _ => text,
    };
}
