using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Csv.Columns;

/// <summary>Rows of one file. Their record numbers are relative to some record of the file.</summary>
/// <param name="columns">The requested columns.</param>
/// <param name="details">Details of the rows that have any, in order of the rows.</param>
/// <param name="count">Number of rows.</param>
internal sealed class RowBatch(IArrowArray[] columns, RowDetails[] details, int count)
{
    // The text of a record is for display; the beginning of a long one is enough.
    private const int MaxTextLength = 10_000;

    /// <summary>Number of rows.</summary>
    public int Count => count;

    /// <summary>Converts the rows to a batch.</summary>
    /// <param name="schema"><see cref="CsvRequest.Schema"/>.</param>
    /// <param name="file">The file's number.</param>
    /// <param name="block">The part of the file in which rows are numbered.</param>
    /// <param name="before">Number of records before the record numbered 1.</param>
    public RecordBatch ToRecordBatch(Schema schema, long file, long block, long before)
    {
        int problems = schema.FieldsList.Count - columns.Length - 4;
        var batch = new List<IArrowArray>(columns);
        for (int p = 0; p < problems; p++)
        {
            int problem = p;
            batch.Add(Texts(row => row.Problems[problem]));
        }

        batch.Add(Numbers(_ => file));
        batch.Add(Numbers(_ => block));
        batch.Add(Numbers(row => before + row.Row));
        batch.Add(Texts(row => row.Text.Length > MaxTextLength ? row.Text[..MaxTextLength] : row.Text));
        return new RecordBatch(schema, batch, count);
    }

    private Int64Array Numbers(Func<RowDetails, long> value)
    {
        var values = new long[count];
        byte[] valid = new byte[(count + 7) / 8];
        foreach (RowDetails row in details)
        {
            values[row.Index] = value(row);
            valid[row.Index >> 3] |= (byte)(1 << (row.Index & 7));
        }

        return new Int64Array(
            ColumnBuilder.Copy(MemoryMarshal.AsBytes(values.AsSpan())), ColumnBuilder.Copy(valid), count, count - details.Length, 0);
    }

    private StringArray Texts(Func<RowDetails, string?> value)
    {
        int[] offsets = new int[count + 1];
        byte[] valid = new byte[(count + 7) / 8];
        var bytes = new MemoryStream();
        int from = 0;
        int nulls = count;
        foreach (RowDetails row in details)
        {
            offsets.AsSpan(from, row.Index + 1 - from).Fill((int)bytes.Length);
            from = row.Index + 1;
            if (value(row) is { } text)
            {
                bytes.Write(Encoding.UTF8.GetBytes(text));
                valid[row.Index >> 3] |= (byte)(1 << (row.Index & 7));
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
