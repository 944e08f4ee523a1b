using System.Text;
using OneRec.Csv.Records;

namespace OneRec.Csv.Columns;

/// <summary>Builds typed batches from records.</summary>
/// <param name="request">The columns to read.</param>
internal sealed class BatchBuilder(CsvRequest request) : IRecordSink
{
    private readonly ColumnBuilder[] _columns = [.. request.Columns.Select(ColumnBuilder.Of)];
    private readonly CsvColumn[] _asked = [.. request.Columns];
    private readonly byte[]?[] _fileValues = new byte[]?[request.FileValues];
    private readonly List<RowDetails> _bad = [];
    private readonly string?[] _problems = new string?[request.Problems];

    /// <summary>Number of rows since the last batch.</summary>
    public int Count { get; private set; }

    /// <summary>Sets the values that are constant within the current file.</summary>
    public void SetFileValues(IReadOnlyList<string?> values)
    {
        for (int i = 0; i < _fileValues.Length; i++)
        {
            _fileValues[i] = values[i] is { Length: > 0 } value ? Encoding.UTF8.GetBytes(value) : null;
        }
    }

    /// <inheritdoc/>
    public void Accept(long row, TextRecord record)
    {
        bool isBad = false;
        for (int c = 0; c < _columns.Length; c++)
        {
            CsvColumn column = _asked[c];
            ReadOnlySpan<byte> text = column.Field < request.Fields ? record[column.Field] : _fileValues[column.Field - request.Fields];
            if (text.Length == 0)
            {
                _columns[c].AddNull();
                if (column.Required is null)
                {
                    continue;
                }
            }
            else if (_columns[c].Add(text))
            {
                continue;
            }

            if (column.Check is { } check)
            {
                _problems[check] ??= column.Problem(text.Length == 0 ? null : Encoding.UTF8.GetString(text));
                isBad = true;
            }
        }

        if (isBad || request.DetailsForAllRows)
        {
            _bad.Add(new RowDetails(Count, row, [.. _problems], record.Text));
            System.Array.Clear(_problems);
        }

        Count++;
    }

    /// <inheritdoc/>
    public void Reject(long row, string problem, string text)
    {
        foreach (ColumnBuilder column in _columns)
        {
            column.AddNull();
        }

        var problems = new string?[request.Problems];
        problems[0] = problem;
        _bad.Add(new RowDetails(Count, row, problems, text));
        Count++;
    }

    /// <summary>Returns the rows since the last batch and resets the builder.</summary>
    public RowBatch Build()
    {
        var rows = new RowBatch([.. _columns.Select(c => c.Build())], [.. _bad], Count);
        _bad.Clear();
        Count = 0;
        return rows;
    }
}
