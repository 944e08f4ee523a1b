using Apache.Arrow;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Quantization errors and code usage per level, in integers; parts can be merged in any order.</summary>
/// <param name="codes">Number of codes of each level.</param>
/// <param name="scale">The scale of errors.</param>
public sealed class IdQuality(IReadOnlyList<int> codes, FixedPoint scale)
{
    private readonly long[][] _items = [.. codes.Select(k => new long[k])];
    private readonly Int128[] _errors = new Int128[codes.Count];

    /// <summary>Items per code of a level.</summary>
    public IReadOnlyList<long> Items(int level) => _items[level];

    /// <summary>The sum of squared errors after a level.</summary>
    public double Error(int level) => scale.ToDouble(_errors[level]);

    /// <summary>Adds an item's error at a level.</summary>
    public void Add(int level, int code, double error)
    {
        _items[level][code]++;
        _errors[level] += scale.Quantize(error);
    }

    /// <summary>Adds the rows of other parts.</summary>
    public void Read(IEnumerable<RecordBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        foreach (RecordBatch batch in batches)
        {
            using (batch)
            {
                var level = (Int32Array)batch.Column(0);
                var code = (Int32Array)batch.Column(1);
                var items = (Int64Array)batch.Column(2);
                var high = (Int64Array)batch.Column(3);
                var low = (Int64Array)batch.Column(4);
                for (int row = 0; row < batch.Length; row++)
                {
                    if (code.Values[row] < 0)
                    {
                        _errors[level.Values[row]] += new Int128((ulong)high.Values[row], (ulong)low.Values[row]);
                    }
                    else
                    {
                        _items[level.Values[row]][code.Values[row]] += items.Values[row];
                    }
                }
            }
        }
    }

    /// <summary>Writes this part as rows.</summary>
    internal RecordBatch Write(Schema schema)
    {
        var level = new Int32Array.Builder();
        var code = new Int32Array.Builder();
        var items = new Int64Array.Builder();
        var high = new Int64Array.Builder();
        var low = new Int64Array.Builder();
        for (int l = 0; l < _items.Length; l++)
        {
            Append(l, -1, _items[l].Sum(), _errors[l]);
            for (int c = 0; c < _items[l].Length; c++)
            {
                if (_items[l][c] > 0)
                {
                    Append(l, c, _items[l][c], 0);
                }
            }
        }

        return new RecordBatch(schema, [level.Build(), code.Build(), items.Build(), high.Build(), low.Build()], level.Length);

        void Append(int l, int c, long count, Int128 error)
        {
            level.Append(l);
            code.Append(c);
            items.Append(count);
            high.Append((long)(error >> 64));
            low.Append(unchecked((long)(ulong)error));
        }
    }
}
