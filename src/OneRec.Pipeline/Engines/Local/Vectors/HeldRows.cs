using Apache.Arrow;
using OneRec.Core;

namespace OneRec.Pipeline.Engines.Local;

/// <summary>Rows held in memory and found by id, BIGINT or STRING.</summary>
internal sealed class HeldRows : IDisposable
{
    private readonly List<RecordBatch> _batches = [];
    private readonly List<(int Batch, int Row)> _places = [];
    private readonly Dictionary<long, int> _byNumber = [];
    private readonly Dictionary<string, int> _byText = new(StringComparer.Ordinal);
    private readonly List<bool> _matched = [];

    /// <summary>Takes all rows.</summary>
    /// <param name="batches">Batches; kept until disposal.</param>
    /// <param name="idColumn">The id's column.</param>
    public HeldRows(IEnumerable<RecordBatch> batches, int idColumn)
    {
        foreach (RecordBatch batch in batches)
        {
            IArrowArray ids = batch.Column(idColumn);
            for (int row = 0; row < batch.Length; row++)
            {
                Index(ids, row, _places.Count);
                _places.Add((_batches.Count, row));
                _matched.Add(false);
            }

            _batches.Add(batch);
        }
    }

    /// <summary>Finds the rows of a slice's ids.</summary>
    /// <param name="ids">The slice's ids.</param>
    /// <param name="rows">Out: held rows, in the slice's order.</param>
    /// <param name="places">Out: their places in the slice.</param>
    /// <param name="file">Named in errors.</param>
    /// <exception cref="OneRecException">An id is there twice, is null, or is of another type (exit 3).</exception>
    public void Match(IArrowArray ids, List<int> rows, List<int> places, string file)
    {
        for (int place = 0; place < ids.Length; place++)
        {
            if (Find(ids, place, file) is not { } row)
            {
                continue;
            }

            if (_matched[row])
            {
                throw OneRecException.Input("input.duplicate", $"{file}: item {TextOf(ids, place)} has vectors twice");
            }

            _matched[row] = true;
            rows.Add(row);
            places.Add(place);
        }
    }

    /// <summary>Rows that no slice matched.</summary>
    public List<int> Unmatched() => [.. Enumerable.Range(0, _places.Count).Where(r => !_matched[r])];

    /// <summary>The columns of some rows, in the order given.</summary>
    public IEnumerable<IArrowArray> Gather(IReadOnlyList<int> rows)
    {
        (int Batch, int Row)[] picks = [.. rows.Select(r => _places[r])];
        for (int column = 0; column < _batches[0].ColumnCount; column++)
        {
            yield return RowGather.Pick([.. _batches.Select(b => b.Column(column))], picks);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _batches.ForEach(b => b.Dispose());

    private static string TextOf(IArrowArray ids, int row) => ids switch
    {
        Int64Array numbers => numbers.GetValue(row)?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "null",
        StringArray texts => texts.GetString(row) ?? "null",
        _ => "?",
    };

    private void Index(IArrowArray ids, int row, int index)
    {
        if (ids is Int64Array numbers)
        {
            _byNumber.Add(numbers.GetValue(row)!.Value, index);
        }
        else
        {
            _byText.Add(((StringArray)ids).GetString(row)!, index);
        }
    }

    private int? Find(IArrowArray ids, int row, string file)
    {
        if (_places.Count == 0)
        {
            return null;
        }

        bool found;
        int index;
        switch (ids)
        {
            case Int64Array numbers when _byText.Count == 0:
                found = _byNumber.TryGetValue(numbers.GetValue(row) ?? throw NullId(file), out index);
                break;
            case StringArray texts when _byNumber.Count == 0:
                found = _byText.TryGetValue(texts.GetString(row) ?? throw NullId(file), out index);
                break;
            default:
                string ours = _byText.Count == 0 ? "BIGINT" : "STRING";
                throw OneRecException.Input(
                    "input.id-type",
                    $"{file}: item_id is {ids.Data.DataType.Name}, but the catalogue's is {ours}; write it as {ours}");
        }

        return found ? index : null;
    }

    private static OneRecException NullId(string file) =>
        OneRecException.Input("input.null-key", $"{file}: item_id is null");
}
