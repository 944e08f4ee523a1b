using CsvHelper;

namespace OneRec.Csv.Records;

/// <summary>Parses the lines of a CSV file into records. All CSV with quotes is tokenized here.</summary>
/// <remarks>
/// RFC 4180, by the library CsvHelper: commas or another character separate fields, quotes are doubled inside quoted fields, and lines end with CRLF
/// or LF. A quote inside an unquoted field is an ordinary character. An empty line is skipped, except in a file with one
/// column. If a quoted field is malformed, only the first line of its record is rejected: reading continues at the next line.
/// </remarks>
internal sealed class RecordReader : IRecordReader
{
    private const int SmallSlice = 2 << 10;
    private const int LargeSlice = 1 << 20;

    private readonly int _columns;
    private readonly bool _multiLine;
    private readonly RecordCheck _check;
    private readonly IRecordSink _records;
    private readonly CsvReaderOptions _options;
    private readonly CsvRecord _record = new();
    private readonly CancellationToken _cancellation;
    private byte[] _carried = [];
    private int _slice = LargeSlice;
    private bool _malformed;

    /// <summary>Creates a reader of a file or of a part of one.</summary>
    /// <param name="columns">Number of fields in the header; 0: any number.</param>
    /// <param name="format">The separator, and whether a quoted field may contain line breaks; otherwise every line is a record.</param>
    /// <param name="before">Number of records before the first one; -1 if the first one is the header.</param>
    /// <param name="records">Receives the records, without the header.</param>
    /// <param name="cancellation">Checked before each block.</param>
    public RecordReader(int columns, CsvFormat format, long before, IRecordSink records, CancellationToken cancellation)
    {
        _columns = columns;
        _multiLine = format.MultiLine;
        _check = new RecordCheck(columns, format.MultiLine);
        _records = records;
        _cancellation = cancellation;
        Row = before;
        _options = new CsvReaderOptions
        {
            HasHeader = false,
            Separator = format.Separator![0],
            AllowLineBreaksInQuotes = format.MultiLine,
            SkipEmptyLines = columns > 1,
            OnMalformedRecord = _ => _malformed = true,
        };
    }

    /// <inheritdoc/>
    public long Row { get; private set; }

    /// <inheritdoc/>
    public void Read(LineBlock block)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (block.IsTooLong)
        {
            End(tooLong: true);
            Reject(RecordProblems.TooLong, block.Text(block.Bytes.AsSpan(1, block.End - 1)));
        }
        else if (!_multiLine)
        {
            ReadLines(block);
        }
        else
        {
            ReadRecords(_carried.Length == 0 ? block : Join(block), isLast: false, tooLong: false);
        }
    }

    /// <inheritdoc/>
    public void End() => End(tooLong: false);

    private void End(bool tooLong)
    {
        if (_carried.Length > 0)
        {
            byte[] bytes = [(byte)'\n', .. _carried];
            ReadRecords(new LineBlock(bytes, bytes.Length), isLast: true, tooLong);
        }
    }

    private LineBlock Join(LineBlock block)
    {
        byte[] bytes = [(byte)'\n', .. _carried, .. block.Original(block.Bytes.AsSpan(1, block.End - 1))];
        return new LineBlock(bytes, bytes.Length);
    }

    private void ReadLines(LineBlock block)
    {
        using CsvReader reader = Open(block, 1, block.End, out _);
        while (Next(reader))
        {
            _record.Set(reader, block);
            string? problem = _check.Problem(reader, block, _malformed, isHeader: Row < 0);
            if (problem is null)
            {
                Accept();
            }
            else
            {
                Reject(problem, _record.Text);
            }
        }
    }

    // A slice ends at a line end. It is small after a malformed record, since the bytes after that are read again.
    private void ReadRecords(LineBlock block, bool isLast, bool tooLong)
    {
        _carried = [];
        int at = 1;
        while (at < block.End)
        {
            _cancellation.ThrowIfCancellationRequested();
            int end = LineEnd(block, (int)Math.Min(block.End, (long)at + _slice));
            int next = ReadSlice(block, at, end, isLast, tooLong);
            if (next < 0)
            {
                _carried = block.Original(block.Bytes.AsSpan(~next, block.End - ~next));
                return;
            }

            at = next;
        }
    }

    /// <summary>Reads the records of a slice.</summary>
    /// <returns>Where to continue; or the complement of the start of a record that does not end in the block.</returns>
    private int ReadSlice(LineBlock block, int at, int end, bool isLast, bool tooLong)
    {
        using CsvReader reader = Open(block, at, end, out int offset);
        while (Next(reader))
        {
            int start = offset + (int)reader.ByteOffset;
            _record.Set(reader, block);
            string? problem = _check.Problem(reader, block, _malformed, isHeader: Row < 0);
            if (problem is null)
            {
                Accept();
                continue;
            }

            if (problem == RecordProblems.NeverClosed && reader.FieldCount <= _check.MaxFields)
            {
                if (end < block.End)
                {
                    _slice = Math.Max(2 * _slice, 2 * (end - start));
                    return start;
                }

                if (!isLast)
                {
                    return ~start;
                }

                problem = tooLong ? RecordProblems.TooLong : problem;
            }

            if (problem is not (RecordProblems.NeverClosed or RecordProblems.TextAfterQuote or RecordProblems.TooLong))
            {
                Reject(problem, _record.Text);
                continue;
            }

            int line = LineEnd(block, start + 1);
            Reject(problem, FirstLine(block, start, line));
            _slice = SmallSlice;
            return line;
        }

        _slice = Math.Min(2 * _slice, LargeSlice);
        return end;
    }

    private bool Next(CsvReader reader)
    {
        _malformed = false;
        return reader.Read();
    }

    // The library drops a byte order mark at the start of its input, so such a slice is read from the line feed before it.
    private CsvReader Open(LineBlock block, int start, int end, out int offset)
    {
        bool marked = block.Bytes[start] is 0xEF or 0xFE or 0xFF or 0x00;
        offset = marked ? start - 1 : start;
        var reader = CsvReader.Create(block.Bytes.AsMemory(offset, end - offset), _options);
        if (marked && _columns <= 1)
        {
            Next(reader);
        }

        return reader;
    }

    private void Accept()
    {
        Row++;
        if (Row > 0)
        {
            _records.Accept(Row, _record);
        }
    }

    private void Reject(string problem, string text)
    {
        Row++;
        if (Row > 0)
        {
            _records.Reject(Row, problem, text);
        }
    }

    /// <summary>Index after the line feed of the line that contains the byte before a position.</summary>
    private static int LineEnd(LineBlock block, int place)
    {
        int line = block.Bytes.AsSpan(place - 1, block.End - place + 1).IndexOf((byte)'\n');
        return line < 0 ? block.End : place + line;
    }

    private static string FirstLine(LineBlock block, int start, int end)
    {
        ReadOnlySpan<byte> line = block.Bytes.AsSpan(start, end - start);
        line = line.EndsWith("\r\n"u8) ? line[..^2] : line.EndsWith("\n"u8) ? line[..^1] : line;
        return block.Text(line);
    }
}
