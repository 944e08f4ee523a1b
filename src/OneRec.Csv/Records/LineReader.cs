namespace OneRec.Csv.Records;

/// <summary>A reader of files in which every line is a record.</summary>
/// <param name="before">Number of records before the first one; -1 if the first one is the header.</param>
/// <param name="records">Receives the records, without the header.</param>
/// <param name="cancellation">Checked before each block.</param>
internal abstract class LineReader(long before, IRecordSink records, CancellationToken cancellation) : IRecordReader
{
    /// <inheritdoc/>
    public long Row { get; private set; } = before;

    /// <inheritdoc/>
    public void Read(LineBlock block)
    {
        cancellation.ThrowIfCancellationRequested();
        ReadOnlySpan<byte> lines = block.Bytes.AsSpan(1, block.End - 1);
        if (block.IsTooLong)
        {
            Reject(RecordProblems.TooLong, block.Text(lines));
            return;
        }

        while (lines.Length > 0)
        {
            int end = lines.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? default : lines[(end + 1)..];
            line = line.EndsWith("\r"u8) ? line[..^1] : line;
            if (line.Length == 0 && SkipsEmptyLines)
            {
                continue;
            }

            if (line.Length > LineBlock.MaxBytes)
            {
                Reject(RecordProblems.TooLong, block.Text(line));
            }
            else if (block.FirstNotUtf8(line) is >= 0 and int place)
            {
                Reject(NotUtf8(line[place], place), block.Text(line));
            }
            else if (block.HasLoneReturn(line))
            {
                Reject(RecordProblems.LoneReturn, block.Text(line));
            }
            else
            {
                Read(line, isHeader: Row < 0);
            }
        }
    }

    /// <inheritdoc/>
    public void End()
    {
    }

    /// <summary>Whether an empty line is no record.</summary>
    protected abstract bool SkipsEmptyLines { get; }

    /// <summary>The problem of a line that is not UTF-8.</summary>
    protected virtual string NotUtf8(byte value, int place) => RecordProblems.NotUtf8(value, place);

    /// <summary>Reads a line, and accepts or rejects it.</summary>
    /// <param name="line">The line in UTF-8, without its end.</param>
    /// <param name="isHeader">Whether it is the header.</param>
    protected abstract void Read(ReadOnlySpan<byte> line, bool isHeader);

    /// <summary>Passes a record on, unless it is the header.</summary>
    protected void Accept(TextRecord record)
    {
        Row++;
        if (Row > 0)
        {
            records.Accept(Row, record);
        }
    }

    /// <summary>Passes a malformed record on, unless it is the header.</summary>
    protected void Reject(string problem, string text)
    {
        Row++;
        if (Row > 0)
        {
            records.Reject(Row, problem, text);
        }
    }
}
