namespace OneRec.Csv.Records;

/// <summary>Messages about malformed records; each continues "row 2 ...".</summary>
internal static class RecordProblems
{
    public const string LoneReturn = "has a carriage return without a line feed; end lines with LF or CRLF";

    public const string TextAfterQuote = "has text after a closing quote";

    public const string NotClosedOnLine = "has a quote that is not closed on its line; set input.csv.multiLine=true if fields contain line breaks";

    public const string NeverClosed = "has a quote that is never closed";

    public const string TooLong = "is longer than 16 MiB; is a quote missing?";

    public static string NotUtf8(byte value, int place) =>
        $"is not UTF-8 (byte 0x{value:X2} at position {place + 1}); set input.csv.encoding=windows-1252 if it is that or Latin-1, or convert the file";

    public static string Fields(int fields, int columns) => $"has {fields} {(fields == 1 ? "field" : "fields")}, but the header has {columns}";
}
