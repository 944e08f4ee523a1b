using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Csv.Columns;

/// <summary>Rows of one file whose records are numbered from somewhere.</summary>
/// <param name="columns">The columns asked for.</param>
/// <param name="places">Rows that have a place.</param>
/// <param name="count">Rows.</param>
internal sealed class PlacedRows(IArrowArray[] columns, BadPlace[] places, int count)
{
    // A text of a record is for people: of a longer one its beginning is enough.
    private const int LongestText = 10_000;

    /// <summary>Rows.</summary>
    public int Count => count;

    /// <summary>The rows as a batch.</summary>
    /// <param name="schema">Of the request.</param>
    /// <param name="file">The file's number.</param>
    /// <param name="block">The part of the file that rows are numbered in.</param>
    /// <param name="before">Records before the first that was numbered 1.</param>
    public RecordBatch Batch(Schema schema, long file, long block, long before)
    {
        int problems = schema.FieldsList.Count - columns.Length - 4;
        var batch = new List<IArrowArray>(columns);
        for (int p = 0; p < problems; p++)
        {
            int problem = p;
            batch.Add(Texts(place => place.Problems[problem]));
        }

        batch.Add(Numbers(_ => file));
        batch.Add(Numbers(_ => block));
        batch.Add(Numbers(place => before + place.Row));
        batch.Add(Texts(place => place.Text.Length > LongestText ? place.Text[..LongestText] : place.Text));
        return new RecordBatch(schema, batch, count);
    }

    private Int64Array Numbers(Func<BadPlace, long> value)
    {
        var values = new long[count];
        byte[] valid = new byte[(count + 7) / 8];
        foreach (BadPlace place in places)
        {
            values[place.Index] = value(place);
            valid[place.Index >> 3] |= (byte)(1 << (place.Index & 7));
        }

        return new Int64Array(
            ColumnBuilder.Copy(MemoryMarshal.AsBytes(values.AsSpan())), ColumnBuilder.Copy(valid), count, count - places.Length, 0);
    }

    private StringArray Texts(Func<BadPlace, string?> value)
    {
        int[] offsets = new int[count + 1];
        byte[] valid = new byte[(count + 7) / 8];
        var bytes = new MemoryStream();
        int from = 0;
        int nulls = count;
        foreach (BadPlace place in places)
        {
            offsets.AsSpan(from, place.Index + 1 - from).Fill((int)bytes.Length);
            from = place.Index + 1;
            if (value(place) is { } text)
            {
                bytes.Write(Encoding.UTF8.GetBytes(text));
                valid[place.Index >> 3] |= (byte)(1 << (place.Index & 7));
                nulls--;
            }
        }

        offsets.AsSpan(from).Fill((int)bytes.Length);
        return new StringArray(new ArrayData(
            StringType.Default,
            count,
            nulls,
            0,
            [
                ColumnBuilder.Copy(valid),
                ColumnBuilder.Copy(MemoryMarshal.AsBytes(offsets.AsSpan())),
                ColumnBuilder.Copy(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)),
            ]));
    }
}
