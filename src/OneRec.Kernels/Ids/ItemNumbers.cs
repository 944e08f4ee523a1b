using System.Globalization;
using Apache.Arrow;

namespace OneRec.Kernels.Ids;

/// <summary>Numbers of items by id, in the order in which they are added.</summary>
public sealed class ItemNumbers
{
    private readonly Dictionary<long, int> _numbers = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    /// <summary>Number of items.</summary>
    public int Count => _numbers.Count + _names.Count;

    /// <summary>Adds the id of a row, which is not there yet.</summary>
    /// <param name="ids">Ids, BIGINT or STRING.</param>
    /// <param name="row">The row.</param>
    public void Add(IArrowArray ids, int row)
    {
        ArgumentNullException.ThrowIfNull(ids);
        if (ids is Int64Array numbers)
        {
            _numbers.Add(numbers.GetValue(row)!.Value, Count);
        }
        else
        {
            _names.Add(((StringArray)ids).GetString(row), Count);
        }
    }

    /// <summary>The number of a row's item; -1 if it has none.</summary>
    public int Find(IArrowArray ids, int row) => ids is Int64Array numbers
        ? _numbers.GetValueOrDefault(numbers.GetValue(row)!.Value, -1)
        : _names.GetValueOrDefault(((StringArray)ids).GetString(row), -1);

    /// <summary>The number of an item by its id as text; -1 if it has none.</summary>
    public int Find(string id) => _names.TryGetValue(id, out int named)
        ? named
        : long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? _numbers.GetValueOrDefault(number, -1) : -1;

    /// <summary>Rows of two columns of ids as numbers, in their order; -1 for an item that has none.</summary>
    /// <param name="batches">The rows; each batch is disposed after it is read.</param>
    public IEnumerable<(int First, int Second)> Pairs(IEnumerable<RecordBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                for (int row = 0; row < batch.Length; row++)
                {
                    yield return (Find(batch.Column(0), row), Find(batch.Column(1), row));
                }
            }
        }
    }

    /// <summary>The ids as text, by number.</summary>
    public string[] Texts()
    {
        var texts = new string[Count];
        foreach ((long id, int number) in _numbers)
        {
            texts[number] = id.ToString(CultureInfo.InvariantCulture);
        }

        foreach ((string id, int number) in _names)
        {
            texts[number] = id;
        }

        return texts;
    }
}
