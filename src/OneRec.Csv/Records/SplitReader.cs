using System.Text;

namespace OneRec.Csv.Records;

/// <summary>Splits lines at a separator; a quote is an ordinary character.</summary>
/// <remarks>The separator may have several characters, which CSV libraries do not read. A line is as written: there is no escape.</remarks>
internal sealed class SplitReader : LineReader
{
    private readonly int _columns;
    private readonly byte[] _separator;
    private readonly SplitRecord _record = new();

    /// <summary>Creates a reader of a file or of a part of one.</summary>
    /// <param name="columns">Number of fields in the header; 0: any number.</param>
    /// <param name="separator">What separates fields, in ASCII.</param>
    /// <param name="before">Number of records before the first one; -1 if the first one is the header.</param>
    /// <param name="records">Receives the records, without the header.</param>
    /// <param name="cancellation">Checked before each block.</param>
    public SplitReader(int columns, string separator, long before, IRecordSink records, CancellationToken cancellation)
        : base(before, records, cancellation) => (_columns, _separator) = (columns, Encoding.ASCII.GetBytes(separator));

    /// <inheritdoc/>
    protected override bool SkipsEmptyLines => _columns > 1;

    /// <inheritdoc/>
    protected override void Read(ReadOnlySpan<byte> line, bool isHeader)
    {
        _record.Split(line, _separator);
        if (_record.Count == _columns || _columns == 0 || isHeader)
        {
            Accept(_record);
        }
        else
        {
            Reject(RecordProblems.Fields(_record.Count, _columns), _record.Text);
        }
    }

    private sealed class SplitRecord : TextRecord
    {
        private byte[] _line = new byte[256];
        private (int From, int Length)[] _fields = new (int, int)[16];
        private int _count;
        private int _length;

        public override int Count => _count;

        public override string Text => Encoding.UTF8.GetString(_line.AsSpan(0, _length));

        public override ReadOnlySpan<byte> this[int field] => _line.AsSpan(_fields[field].From, _fields[field].Length);

        public void Split(ReadOnlySpan<byte> line, ReadOnlySpan<byte> separator)
        {
            if (line.Length > _line.Length)
            {
                _line = new byte[2 * line.Length];
            }

            line.CopyTo(_line);
            (_count, _length) = (0, line.Length);
            int from = 0;
            while (line[from..].IndexOf(separator) is >= 0 and int length)
            {
                Add(from, length);
                from += length + separator.Length;
            }

            Add(from, line.Length - from);
        }

        private void Add(int from, int length)
        {
            if (_count == _fields.Length)
            {
                Array.Resize(ref _fields, 2 * _count);
            }

            _fields[_count++] = (from, length);
        }
    }
}
