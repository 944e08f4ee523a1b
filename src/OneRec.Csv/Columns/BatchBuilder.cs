using System.Text;
using OneRec.Csv.Records;

namespace OneRec.Csv.Columns;

/// <summary>Makes typed batches of records.</summary>
/// <param name="request">The columns.</param>
internal sealed class BatchBuilder(CsvRequest request) : IRecords
{
    private readonly ColumnBuilder[] _columns = [.. request.Columns.Select(ColumnBuilder.Of)];
    private readonly CsvColumn[] _asked = [.. request.Columns];
    private readonly byte[]?[] _ofFile = new byte[]?[request.ValuesOfFile];
    private readonly List<BadPlace> _bad = [];
    private readonly string?[] _problems = new string?[request.Problems];

    /// <summary>Rows since the last batch.</summary>
    public int Count { get; private set; }

    /// <summary>Sets the values of columns that are the same for a whole file.</summary>
    public void SetOfFile(IReadOnlyList<string?> values)
    {
        for (int i = 0; i < _ofFile.Length; i++)
        {
            _ofFile[i] = values[i] is { Length: > 0 } value ? Encoding.UTF8.GetBytes(value) : null;
        }
    }

    /// <inheritdoc/>
    public void Take(long row, CsvFields record)
    {
        bool isBad = false;
        for (int c = 0; c < _columns.Length; c++)
        {
            CsvColumn column = _asked[c];
            ReadOnlySpan<byte> text = column.Field < request.Fields ? record[column.Field] : _ofFile[column.Field - request.Fields];
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

        if (isBad || request.Places)
        {
            _bad.Add(new BadPlace(Count, row, [.. _problems], record.Text));
            System.Array.Clear(_problems);
        }

        Count++;
    }

    /// <inheritdoc/>
    public void Refuse(long row, string problem, string text)
    {
        foreach (ColumnBuilder column in _columns)
        {
            column.AddNull();
        }

        var problems = new string?[request.Problems];
        problems[0] = problem;
        _bad.Add(new BadPlace(Count, row, problems, text));
        Count++;
    }

    /// <summary>The rows since the last batch; begins anew.</summary>
    public PlacedRows Build()
    {
        var rows = new PlacedRows([.. _columns.Select(c => c.Build())], [.. _bad], Count);
        _bad.Clear();
        Count = 0;
        return rows;
    }
}
