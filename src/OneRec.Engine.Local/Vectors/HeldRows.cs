using Apache.Arrow;
using OneRec.Engine.Local.Relations;

namespace OneRec.Engine.Local.Vectors;

/// <summary>Rows held in memory and looked up by id, BIGINT or STRING.</summary>
internal sealed class HeldRows : IDisposable
{
    private readonly List<RecordBatch> _batches = [];
    private readonly List<(int Batch, int Row)> _places = [];
    private readonly Schema _schema;
    private readonly int _idColumn;
    private Dictionary<long, int>? _byNumber;
    private Dictionary<string, int>? _byText;

    /// <summary>Reads all rows.</summary>
    /// <param name="batches">Batches; kept until disposal.</param>
    /// <param name="schema">Their columns.</param>
    public HeldRows(IEnumerable<RecordBatch> batches, Schema schema)
    {
        _schema = schema;
        _idColumn = schema.GetFieldIndex("item_id");
        foreach (RecordBatch batch in batches)
        {
            _places.AddRange(Enumerable.Range(0, batch.Length).Select(row => (_batches.Count, row)));
            _batches.Add(batch);
        }
    }

    /// <summary>Number of rows.</summary>
    public int Count => _places.Count;

    /// <summary>The row of an id, or null.</summary>
    /// <param name="ids">Ids of the same type as those of the rows, none null.</param>
    /// <param name="row">The index in <paramref name="ids"/>.</param>
    public int? Find(IArrowArray ids, int row)
    {
        if (ids is Int64Array numbers)
        {
            _byNumber ??= Enumerable.Range(0, Count).ToDictionary(r => ((Int64Array)IdOf(r).Ids).GetValue(IdOf(r).Row)!.Value);
            return _byNumber.TryGetValue(numbers.GetValue(row)!.Value, out int found) ? found : null;
        }

        _byText ??= Enumerable.Range(0, Count).ToDictionary(IdText, StringComparer.Ordinal);
        return _byText.TryGetValue(((StringArray)ids).GetString(row), out int named) ? named : null;
    }

    /// <summary>The id of a row: an array of ids and the index in it.</summary>
    public (IArrowArray Ids, int Row) IdOf(int row) => (_batches[_places[row].Batch].Column(_idColumn), _places[row].Row);

    /// <summary>The id of a row as text.</summary>
    public string IdText(int row) => IdOf(row) switch
    {
        (Int64Array numbers, var at) => $"{numbers.GetValue(at)}",
        (StringArray texts, var at) => texts.GetString(at),
        var (other, _) => throw new InvalidOperationException($"item_id is {other.Data.DataType.Name}"),
    };

    /// <summary>A column of longs, by row; null if the rows have no such column.</summary>
    public long?[]? Numbers(string column)
    {
        int index = _schema.GetFieldIndex(column);
        return index < 0 ? null : [.. _places.Select(p => ((Int64Array)_batches[p.Batch].Column(index)).GetValue(p.Row))];
    }

    /// <summary>Number of bytes of a row.</summary>
    public long BytesOf(int row)
    {
        (int batch, int at) = _places[row];
        return _batches[batch].Arrays.Sum(a => a is BinaryArray texts ? sizeof(int) + (long)texts.GetValueLength(at) : sizeof(long));
    }

    /// <summary>The columns of the given rows, in that order.</summary>
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
}
