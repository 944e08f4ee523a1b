using System.Text;

namespace OneRec.Csv.Types;

/// <summary>The narrowest type that every text of a column speaks for.</summary>
public sealed class TypeInference
{
    private static readonly ColumnType[] Candidates =
        [ColumnType.BigInt, ColumnType.Double, ColumnType.Timestamp, ColumnType.Date];

    // So few texts among so many numbers are rather bad rows than ids.
    private const int LeastSeen = 100;
    private const int OneOf = 100;

    private readonly long[] _fits = new long[Candidates.Length];
    private long _seen;
    private string? _other;

    /// <summary>BIGINT, DOUBLE or STRING; STRING where no text was seen.</summary>
    public ColumnType Type => _seen == 0 ? ColumnType.Text
        : _fits[0] == _seen ? ColumnType.BigInt
        : _fits[1] == _seen ? ColumnType.Double
        : ColumnType.Text;

    /// <summary>What times of the column are written as where it is text; null where they are none.</summary>
    public InputTimeUnit? TimeUnit => _seen == 0 ? null
        : _fits[3] == _seen ? Types.InputTimeUnit.Date
        : _fits[2] == _seen ? Types.InputTimeUnit.Timestamp
        : null;

    /// <summary>Where at least 99 % of 100 or more texts are whole numbers and the others make it STRING, the first of those; else null.</summary>
    public string? AlmostBigInt =>
        Type == ColumnType.Text && _seen >= LeastSeen && (_seen - _fits[0]) * OneOf <= _seen ? _other : null;

    /// <summary>Looks at one text that is not null.</summary>
    public void See(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        See(Encoding.UTF8.GetBytes(value));
    }

    /// <summary>Looks at one text that is not null.</summary>
    public void See(ReadOnlySpan<byte> value)
    {
        _seen++;
        for (int t = 0; t < Candidates.Length; t++)
        {
            _fits[t] += TypedText.SpeaksFor(Candidates[t], value) ? 1 : 0;
        }

        if (_other is null && _fits[0] < _seen)
        {
            _other = Encoding.UTF8.GetString(value);
        }
    }
}
