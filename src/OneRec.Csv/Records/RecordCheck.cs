using CsvHelper;

namespace OneRec.Csv.Records;

/// <summary>Decides what is wrong with a record as a whole.</summary>
/// <param name="columns">Number of fields in the header; 0: any number.</param>
/// <param name="multiLine">Whether a quoted field may contain line breaks.</param>
internal sealed class RecordCheck(int columns, bool multiLine)
{
    /// <summary>
    /// A record with an unclosed quote and more fields than this is malformed: the search for the closing quote stops here,
    /// since it would start again on every line.
    /// </summary>
    public int MaxFields => columns == 0 ? int.MaxValue : (2 * columns) + 16;

    /// <summary>The problem of the record that the tokenizer is at; null if it has none.</summary>
    /// <param name="reader">The tokenizer.</param>
    /// <param name="block">The block that it reads.</param>
    /// <param name="malformed">Whether the tokenizer reported the record as malformed.</param>
    /// <param name="isHeader">Whether the record is the header, which sets the number of fields itself.</param>
    public string? Problem(CsvReader reader, LineBlock block, bool malformed, bool isHeader)
    {
        if (reader.RawRecord.Length > LineBlock.MaxBytes)
        {
            return RecordProblems.TooLong;
        }

        if (malformed && QuoteProblem(reader) is { } quotes)
        {
            return quotes;
        }

        if (!block.IsPlain)
        {
            ReadOnlySpan<byte> raw = reader.RawRecord;
            if (block.FirstNotUtf8(raw) is >= 0 and int place)
            {
                return RecordProblems.NotUtf8(raw[place], place);
            }

            if (block.HasLoneReturn(raw) && ReturnProblem(reader, block) is { } returned)
            {
                return returned;
            }
        }

        return reader.FieldCount == columns || columns == 0 || isHeader ? null : RecordProblems.Fields(reader.FieldCount, columns);
    }

    /// <summary>The problem with a record's quotes; null if they are only quotes inside unquoted fields.</summary>
    private string? QuoteProblem(CsvReader reader)
    {
        int fields = reader.FieldCount;
        if (multiLine && fields > MaxFields && reader.RawRecord.Contains((byte)'\n'))
        {
            return RecordProblems.NeverClosed;
        }

        for (int field = 0; field < fields; field++)
        {
            ReadOnlySpan<byte> raw = reader.GetRawSpan(field);
            if (raw.Length == 0 || raw[0] != '"')
            {
                continue;
            }

            int close = ClosingQuote(raw);
            if (close < 0)
            {
                return multiLine ? RecordProblems.NeverClosed : RecordProblems.NotClosedOnLine;
            }

            if (close + 1 < raw.Length)
            {
                return RecordProblems.TextAfterQuote;
            }
        }

        return null;
    }

    /// <summary>Index of the closing quote of a quoted field; -1 if there is none.</summary>
    private static int ClosingQuote(ReadOnlySpan<byte> raw)
    {
        int at = 1;
        while (at < raw.Length && raw[at..].IndexOf((byte)'"') is >= 0 and int next)
        {
            int quote = at + next;
            if (quote + 1 == raw.Length || raw[quote + 1] != '"')
            {
                return quote;
            }

            at = quote + 2;
        }

        return -1;
    }

    private string? ReturnProblem(CsvReader reader, LineBlock block)
    {
        for (int field = 0; field < reader.FieldCount; field++)
        {
            ReadOnlySpan<byte> raw = reader.GetRawSpan(field);
            if (block.HasLoneReturn(raw) && (raw[0] != '"' || !multiLine))
            {
                return RecordProblems.LoneReturn;
            }
        }

        return null;
    }
}
