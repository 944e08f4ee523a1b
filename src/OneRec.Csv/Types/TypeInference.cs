using System.Text;

namespace OneRec.Csv.Types;

/// <summary>Infers the narrowest type that fits every text of a column.</summary>
public sealed class TypeInference
{
    private static readonly ColumnType[] Candidates =
        [ColumnType.BigInt, ColumnType.Double, ColumnType.Timestamp, ColumnType.Date];

    // A few texts among this many integers are more likely bad rows than ids.
    private const int MinimumSeen = 100;
    private const int OneIn = 100;

    private readonly long[] _fits = new long[Candidates.Length];
    private long _seen;
    private string? _other;

    /// <summary>BIGINT, DOUBLE or STRING; STRING if there was no text.</summary>
    public ColumnType Type => _seen == 0 ? ColumnType.Text
        : _fits[0] == _seen ? ColumnType.BigInt
        : _fits[1] == _seen ? ColumnType.Double
        : ColumnType.Text;

    /// <summary>The format of the times in the column: ISO 8601 dates or times; null if it has others.</summary>
    public InputTimeUnit? TimeUnit => _seen == 0 ? null
        : _fits[3] == _seen ? Types.InputTimeUnit.Date
        : _fits[2] == _seen ? Types.InputTimeUnit.Timestamp
        : null;

    /// <summary>If at least 99 % of 100 or more texts are integers but the column is STRING, the first other text; otherwise null.</summary>
    public string? AlmostBigInt =>
        Type == ColumnType.Text && _seen >= MinimumSeen && (_seen - _fits[0]) * OneIn <= _seen ? _other : null;

    /// <summary>Adds a text.</summary>
    public void Add(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Add(Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Adds a text.</summary>
    public void Add(ReadOnlySpan<byte> value)
    {
        _seen++;
        for (int t = 0; t < Candidates.Length; t++)
        {
            _fits[t] += TypedText.Suggests(Candidates[t], value) ? 1 : 0;
        }

        if (_other is null && _fits[0] < _seen)
        {
            _other = Encoding.UTF8.GetString(value);
        }
    }
}
