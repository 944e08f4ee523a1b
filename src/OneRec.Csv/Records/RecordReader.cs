using CsvHelper;

namespace OneRec.Csv.Records;

/// <summary>Makes records of a file's lines: the one place where CSV is tokenized.</summary>
/// <remarks>
/// RFC 4180 by the library CsvHelper: fields by commas, quotes doubled inside quotes, lines by CRLF or LF; a quote inside a
/// field that does not begin with one is that quote. A line without a character is no record, but in a file of one column.
/// What is wrong with a record spoils its first line alone: reading goes on at the next one.
/// </remarks>
internal sealed class RecordReader
{
    private const int SmallSlice = 2 << 10;
    private const int LargeSlice = 1 << 20;

    private readonly int _columns;
    private readonly bool _multiLine;
    private readonly RecordCheck _check;
    private readonly IRecords _records;
    private readonly CsvReaderOptions _options;
    private readonly CsvFields _record = new();
    private readonly CancellationToken _cancellation;
    private byte[] _carried = [];
    private int _slice = LargeSlice;
    private bool _malformed;

    /// <summary>A reader of one file, or of a part of one.</summary>
    /// <param name="columns">Fields of the header.</param>
    /// <param name="multiLine">Whether a quoted field may hold line breaks; else every line is a record.</param>
    /// <param name="before">Records before the first one: -1 where that is the header.</param>
    /// <param name="records">Takes them; not the header.</param>
    /// <param name="cancellation">Checked at each block.</param>
    public RecordReader(int columns, bool multiLine, long before, IRecords records, CancellationToken cancellation)
    {
        _columns = columns;
        _multiLine = multiLine;
        _check = new RecordCheck(columns, multiLine);
        _records = records;
        _cancellation = cancellation;
        Row = before;
        _options = new CsvReaderOptions
        {
            HasHeader = false,
            Separator = ',',
            AllowLineBreaksInQuotes = multiLine,
            SkipEmptyLines = columns > 1,
            OnMalformedRecord = _ => _malformed = true,
        };
    }

    /// <summary>The last record's number.</summary>
    public long Row { get; private set; }

    /// <summary>Reads lines that follow those read so far.</summary>
    public void Read(LineBlock block)
    {
        _cancellation.ThrowIfCancellationRequested();
        if (block.IsTooLong)
        {
            End(tooLong: true);
            Refuse(RecordWords.TooLong, block.Text(block.Bytes.AsSpan(1, block.End - 1)));
        }
        else if (!_multiLine)
        {
            ReadLines(block);
        }
        else
        {
            ReadRecords(_carried.Length == 0 ? block : Joined(block), isLast: false, tooLong: false);
        }
    }

    /// <summary>Ends the file.</summary>
    public void End() => End(tooLong: false);

    private void End(bool tooLong)
    {
        if (_carried.Length > 0)
        {
            byte[] bytes = [(byte)'\n', .. _carried];
            ReadRecords(new LineBlock(bytes, bytes.Length), isLast: true, tooLong);
        }
    }

    private LineBlock Joined(LineBlock block)
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
                Take();
            }
            else
            {
                Refuse(problem, _record.Text);
            }
        }
    }

    // A slice ends at a line; it is small after a record that is malformed, as what follows that is read anew.
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
    /// <returns>Where to go on; the complement of where a record begins that does not end in the block.</returns>
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
                Take();
                continue;
            }

            if (problem == RecordWords.NeverClosed && reader.FieldCount <= _check.MaxFields)
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

                problem = tooLong ? RecordWords.TooLong : problem;
            }

            if (problem is not (RecordWords.NeverClosed or RecordWords.TextAfterQuote or RecordWords.TooLong))
            {
                Refuse(problem, _record.Text);
                continue;
            }

            int line = LineEnd(block, start + 1);
            Refuse(problem, FirstLine(block, start, line));
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

    // The library takes a byte order mark at the start of what it reads for none of the text: there it meets a line feed.
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

    private void Take()
    {
        Row++;
        if (Row > 0)
        {
            _records.Take(Row, _record);
        }
    }

    private void Refuse(string problem, string text)
    {
        Row++;
        if (Row > 0)
        {
            _records.Refuse(Row, problem, text);
        }
    }

    /// <summary>Where the line ends that the byte before a place is of, its line feed included.</summary>
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
