namespace OneRec.Pipeline.Inputs;

/// <summary>The narrowest type that every text of a column speaks for.</summary>
internal sealed class TypeInference
{
    private static readonly ColumnType[] Candidates =
        [ColumnType.BigInt, ColumnType.Double, ColumnType.Timestamp, ColumnType.Date];

    private readonly bool[] _fits = [true, true, true, true];
    private bool _seen;

    /// <summary>BIGINT, DOUBLE or STRING; STRING where no text was seen.</summary>
    public ColumnType Type => !_seen ? ColumnType.Text : _fits[0] ? ColumnType.BigInt : _fits[1] ? ColumnType.Double : ColumnType.Text;

    /// <summary>What times of the column are written as where it is text; null where they are none.</summary>
    public TimeUnit? TimeUnit => !_seen ? null : _fits[3] ? Inputs.TimeUnit.Date : _fits[2] ? Inputs.TimeUnit.Timestamp : null;

    /// <summary>Looks at one text that is not null.</summary>
    public void See(string value)
    {
        _seen = true;
        for (int t = 0; t < Candidates.Length; t++)
        {
            _fits[t] = _fits[t] && TypePatterns.SpeaksFor(Candidates[t], value);
        }
    }
}
