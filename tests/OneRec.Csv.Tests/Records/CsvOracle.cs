using System.Text;

namespace OneRec.Csv.Tests.Records;

/// <summary>A simple CSV parser that loops over characters, as the reference for the tokenizer.</summary>
internal static class CsvOracle
{
    /// <summary>The records after the header. Each is one text: its number and fields, or its number, problem and text.</summary>
    public static List<string> Records(string text, bool multiLine)
    {
        var records = new List<string>();
        int at = 0;
        int row = -1;
        int columns = 0;
        while (at < text.Length)
        {
            (List<string> fields, string? problem, int end) = Record(text, at, multiLine);
            string raw = text[at..end];
            if (row >= 0 && columns > 1 && raw is "\n" or "\r\n")
            {
                at = end;
                continue;
            }

            row++;
            problem ??= row == 0 || fields.Count == columns ? null : $"has {fields.Count} {(fields.Count == 1 ? "field" : "fields")}, but the header has {columns}";
            if (row == 0)
            {
                columns = fields.Count;
            }

            if (problem is "quote" or "after")
            {
                end = text.IndexOf('\n', at) is >= 0 and int line ? line + 1 : text.Length;
                raw = text[at..end];
                problem = problem == "after" ? "has text after a closing quote"
                    : multiLine ? "has a quote that is never closed"
                    : "has a quote that is not closed on its line; set input.csv.multiLine=true if fields contain line breaks";
            }

            if (row > 0)
            {
                records.Add(problem is null ? $"{row}: {string.Join('|', fields)}" : $"{row} {problem}: {Trimmed(raw)}");
            }

            at = end;
        }

        return records;
    }

    private static string Trimmed(string line) => line.EndsWith("\r\n", StringComparison.Ordinal) ? line[..^2]
        : line.EndsWith('\n') ? line[..^1] : line;

    private static (List<string> Fields, string? Problem, int End) Record(string text, int at, bool multiLine)
    {
        var fields = new List<string>();
        string? problem = null;
        while (true)
        {
            var field = new StringBuilder();
            bool quoted = at < text.Length && text[at] == '"';
            if (quoted)
            {
                for (at++; at < text.Length && !(text[at] == '"' && (at + 1 == text.Length || text[at + 1] != '"')); at++)
                {
                    if (text[at] == '\n' && !multiLine)
                    {
                        return (fields, "quote", at);
                    }

                    if (text[at] == '\r' && !multiLine && (at + 1 == text.Length || text[at + 1] != '\n'))
                    {
                        problem ??= "has a carriage return without a line feed; end lines with LF or CRLF";
                    }

                    field.Append(text[at]);
                    at += text[at] == '"' ? 1 : 0;
                }

                if (at >= text.Length)
                {
                    return (fields, "quote", at);
                }

                at++;
            }

            bool closed = quoted;
            while (at < text.Length && text[at] != ',' && text[at] != '\n' && !(text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n'))
            {
                if (closed)
                {
                    return (fields, "after", at);
                }

                if (text[at] == '\r')
                {
                    problem ??= "has a carriage return without a line feed; end lines with LF or CRLF";
                }

                field.Append(text[at++]);
            }

            fields.Add(field.ToString());
            if (at >= text.Length || text[at] != ',')
            {
                at += at >= text.Length ? 0 : text[at] == '\r' ? 2 : 1;
                return (fields, problem, at);
            }

            at++;
        }
    }
}
