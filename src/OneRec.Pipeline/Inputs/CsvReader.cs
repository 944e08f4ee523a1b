using System.Text;
using OneRec.Core;

namespace OneRec.Pipeline.Inputs;

/// <summary>Reads a CSV file by RFC 4180: fields by commas, quotes doubled inside quotes, lines by CRLF or LF.</summary>
/// <remarks>
/// For headers, samples and finding the first bad row; engines read the rows. UTF-8, with or without a byte order mark.
/// </remarks>
public sealed class CsvReader : IDisposable
{
    private readonly string _name;
    private readonly bool _multiLine;
    private readonly StreamReader _reader;
    private readonly StringBuilder _field = new();
    private long _row = -1;

    /// <summary>Opens a file.</summary>
    /// <param name="file">Its path.</param>
    /// <param name="multiLine">Whether a quoted field may hold line breaks.</param>
    /// <exception cref="OneRecException">The file cannot be read (exit 3).</exception>
    public CsvReader(string file, bool multiLine)
    {
        _name = file;
        _multiLine = multiLine;
        try
        {
            _reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Input("input.unreadable", $"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>The next record, or null at the end.</summary>
    /// <exception cref="OneRecException">The bytes are no UTF-8, or quotes do not match (exit 3); names file and row.</exception>
    public CsvRecord? Read()
    {
        try
        {
            if (_reader.Peek() < 0)
            {
                return null;
            }

            _row++;
            List<string?> fields = [];
            while (ReadField(fields))
            {
            }

            return new CsvRecord(_row, fields);
        }
        catch (DecoderFallbackException e)
        {
            throw Bad("is not UTF-8", e);
        }
    }

    /// <summary>The records after the header.</summary>
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

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    /// <summary>Reads one field; true where another follows on the record.</summary>
    private bool ReadField(List<string?> fields)
    {
        _field.Clear();
        if (_reader.Peek() == '"')
        {
            _reader.Read();
            ReadQuoted();
        }

        while (true)
        {
            int next = _reader.Read();
            switch (next)
            {
                case ',':
                    Add(fields);
                    return true;
                case '\r' when _reader.Peek() == '\n':
                    _reader.Read();
                    Add(fields);
                    return false;
                case '\n' or -1:
                    Add(fields);
                    return false;
                case '"':
                    throw Bad("has a quote inside a field; quote the field and double the quote", null);
                default:
                    _field.Append((char)next);
                    break;
            }
        }
    }

    /// <summary>Reads to the closing quote; what follows it must end the field.</summary>
    private void ReadQuoted()
    {
        while (true)
        {
            int next = _reader.Read();
            switch (next)
            {
                case -1:
                    throw Bad("has a quote that is never closed", null);
                case '"' when _reader.Peek() == '"':
                    _reader.Read();
                    _field.Append('"');
                    break;
                case '"':
                    if (_reader.Peek() is not (',' or '\r' or '\n' or -1))
                    {
                        throw Bad("has text after a closing quote", null);
                    }

                    return;
                case '\n' or '\r' when !_multiLine:
                    throw Bad("has a line break inside quotes; set input.csv.multiLine=true if that is meant", null);
                default:
                    _field.Append((char)next);
                    break;
            }
        }
    }

    private void Add(List<string?> fields) => fields.Add(_field.Length == 0 ? null : _field.ToString());

    private OneRecException Bad(string what, Exception? inner) => OneRecException.Input(
        "input.csv", $"{_name}: {(_row == 0 ? "the header" : $"row {_row}")} {what}", inner);
}
