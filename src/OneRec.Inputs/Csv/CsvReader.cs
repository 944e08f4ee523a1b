using System.Text;
using OneRec.Core;

namespace OneRec.Inputs.Csv;

/// <summary>Reads a CSV file by RFC 4180: fields by commas, quotes doubled inside quotes, lines by CRLF or LF.</summary>
/// <remarks>
/// For headers, samples and finding bad rows; engines read the rows. UTF-8, with or without a byte order mark; gzip where
/// the file is named <c>.gz</c>. A line without a character is no record, but in a file of one column. A quote inside a field
/// that does not begin with one is that quote, as both engines have it.
/// </remarks>
public sealed class CsvReader : IDisposable
{
    /// <summary>Characters that a record may have: the engines' limit.</summary>
    private const int Longest = 16 << 20;

    private readonly string _name;
    private readonly bool _multiLine;
    private readonly CsvText _text;
    private readonly StringBuilder _field = new();
    private long _row = -1;
    private int _columns;
    private string? _problem;

    /// <summary>Opens a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="multiLine">Whether a quoted field may hold line breaks.</param>
    /// <exception cref="OneRecException">The file cannot be read (exit 3).</exception>
    public CsvReader(string file, bool multiLine)
    {
        _name = file;
        _multiLine = multiLine;
        _text = new CsvText(file);
    }

    /// <summary>The next record, or null at the end.</summary>
    /// <exception cref="OneRecException">The bytes are no UTF-8, or quotes do not match (exit 3); names file and row.</exception>
    public CsvRecord? Read() => ReadAny() is { } record
        ? record.Problem is null ? record : throw Refuse(record)
        : null;

    /// <summary>The next record, or one that tells its problem; reading goes on at the line after that.</summary>
    public CsvRecord? ReadAny()
    {
        while (_text.Peek() >= 0)
        {
            _row++;
            _problem = null;
            _text.Mark();
            List<string?> fields = [];
            while (ReadField(fields))
            {
            }

            if (_problem is null && _text.Length > Longest)
            {
                _problem = TooLong;
            }

            if (_problem is not null)
            {
                return new CsvRecord(_row, []) { Problem = _problem, Raw = _text.BackToLine() };
            }

            if (_row == 0)
            {
                _columns = fields.Count;
            }
            else if (_columns > 1 && fields is [null] && IsBlank())
            {
                _row--;
                continue;
            }

            return new CsvRecord(_row, fields);
        }

        return null;
    }

    /// <summary>The records after the header.</summary>
    /// <exception cref="OneRecException">As of <see cref="Read"/>.</exception>
    public IEnumerable<CsvRecord> Records()
    {
        while (Read() is { } record)
        {
            if (record.Row > 0)
            {
                yield return record;
            }
        }
    }

    /// <summary>The records after the header, those with a problem among them: also another number of fields is one.</summary>
    public IEnumerable<CsvRecord> AnyRecords()
    {
        while (ReadAny() is { } record)
        {
            if (record.Row > 0)
            {
                yield return record.Problem is null && record.Fields.Count != _columns
                    ? new CsvRecord(record.Row, [])
                    {
                        Problem = $"has {record.Fields.Count} fields, but the header has {_columns}",
                        Raw = record.Line(),
                    }
                    : record;
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _text.Dispose();

    /// <summary>The error about a record with a problem.</summary>
    public OneRecException Refuse(CsvRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        return OneRecException.Input(
            "input.csv", $"{_name}: {(record.Row == 0 ? "the header" : $"row {record.Row}")} {record.Problem}");
    }

    private static string TooLong => $"is longer than {Longest >> 20} MiB; is a quote missing?";

    private bool IsBlank() => _text.Length <= 2;

    /// <summary>Reads one field; true where another follows on the record.</summary>
    private bool ReadField(List<string?> fields)
    {
        _field.Clear();
        if (_text.Peek() == '"')
        {
            _text.Read();
            if (!ReadQuoted())
            {
                return false;
            }
        }

        while (true)
        {
            int next = _text.Read();
            switch (next)
            {
                case ',':
                    fields.Add(Field());
                    return true;
                case '\r' when _text.Peek() == '\n':
                    _text.Read();
                    fields.Add(Field());
                    return false;
                case '\n' or -1:
                    fields.Add(Field());
                    return false;
                case '\r':
                    return Wrong("has a carriage return without a line feed; end lines by LF or CRLF");
                case CsvText.NoCharacter:
                    return Wrong("is not UTF-8");
                default:
                    if (_text.Length > Longest)
                    {
                        return Wrong(TooLong);
                    }

                    _field.Append((char)next);
                    break;
            }
        }
    }

    /// <summary>Reads to the closing quote; what follows it must end the field. False where that is not so.</summary>
    private bool ReadQuoted()
    {
        while (true)
        {
            int next = _text.Read();
            switch (next)
            {
                case -1:
                    return Wrong("has a quote that is never closed");
                case '"' when _text.Peek() == '"':
                    _text.Read();
                    _field.Append('"');
                    break;
                case '"':
                    return _text.Peek() is ',' or '\r' or '\n' or -1 || Wrong("has text after a closing quote");
                case '\n' or '\r' when !_multiLine:
                    return Wrong("has a line break inside quotes; set input.csv.multiLine=true if that is meant");
                case CsvText.NoCharacter:
                    return Wrong("is not UTF-8");
                default:
                    if (_text.Length > Longest)
                    {
                        return Wrong(TooLong);
                    }

                    _field.Append((char)next);
                    break;
            }
        }
    }

    private string? Field() => _field.Length == 0 ? null : _field.ToString();

    private bool Wrong(string problem)
    {
        _problem = problem;
        return false;
    }
}
