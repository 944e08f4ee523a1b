using Apache.Arrow;
using OneRec.Core;
using OneRec.Parquet;
using ParquetSharp;

namespace OneRec.Engine.Local.Vectors;

/// <summary>Reads the ids of a row group in order.</summary>
internal sealed class IdReader : IDisposable
{
    private readonly string _file;
    private readonly string _column;
    private readonly bool _mayBeNull;
    private readonly LongColumn? _numbers;
    private readonly FlatColumn<ByteArray>? _texts;

    /// <summary>Opens the column.</summary>
    /// <param name="file">Named in errors.</param>
    /// <param name="group">The row group.</param>
    /// <param name="leaf">A column of integers or texts.</param>
    /// <param name="mayBeNull">Whether ids may be null; otherwise a null is an error.</param>
    public IdReader(string file, RowGroupReader group, ParquetLeaf leaf, bool mayBeNull = false)
    {
        (_file, _column) = (file, leaf.Node.Name);
        _mayBeNull = mayBeNull;
        if (leaf.IsText)
        {
            _texts = new FlatColumn<ByteArray>(group.Column(leaf.Index), leaf.Definition);
        }
        else
        {
            _numbers = new LongColumn(group, leaf);
        }
    }

    /// <summary>The next ids as a column.</summary>
    /// <param name="rows">How many; at most the number left.</param>
    /// <exception cref="OneRecException">Input error <c>input.null-key</c>: an id is null, and none may be.</exception>
    public IArrowArray Read(int rows)
    {
        if (_numbers is not null)
        {
            var numbers = new Int64Array.Builder().Reserve(rows);
            for (int i = 0; i < rows; i++)
            {
                if (_numbers.Next() is { } number)
                {
                    numbers.Append(number);
                }
                else
                {
                    RequireMayBeNull();
                    numbers.AppendNull();
                }
            }

            return numbers.Build();
        }

        var texts = new StringArray.Builder().Reserve(rows);
        for (int i = 0; i < rows; i++)
        {
            if (_texts!.Next(out ByteArray text))
            {
                texts.Append(Bytes(text));
            }
            else
            {
                RequireMayBeNull();
                texts.AppendNull();
            }
        }

        return texts.Build();
    }

    /// <summary>Skips rows.</summary>
    public void Skip(long rows)
    {
        _numbers?.Skip(rows);
        _texts?.Skip(rows);
    }

    /// <summary>Reads the next id and compares it with another.</summary>
    /// <param name="ids">Ids of the same type.</param>
    /// <param name="row">The index of the id to compare with.</param>
    public bool IsNext(IArrowArray ids, int row) => _numbers is not null
        ? _numbers.Next() == ((Int64Array)ids).GetValue(row)
        : _texts!.Next(out ByteArray text) && Bytes(text).SequenceEqual(((StringArray)ids).GetBytes(row));

    /// <inheritdoc/>
    public void Dispose()
    {
        _numbers?.Dispose();
        _texts?.Dispose();
    }

    private static unsafe ReadOnlySpan<byte> Bytes(ByteArray text) => new((void*)text.Pointer, text.Length);

    private void RequireMayBeNull()
    {
        if (!_mayBeNull)
        {
            throw NullIds.Error([_file], _column);
        }
    }
}
