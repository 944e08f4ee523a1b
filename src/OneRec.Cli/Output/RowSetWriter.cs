using System.Text.Json;
using Apache.Arrow;

namespace OneRec.Cli.Output;

/// <summary>Streams rows to standard output.</summary>
internal static class RowSetWriter
{
    /// <summary>Wide enough for a sentence of ours, such as an error.</summary>
    public const int SentenceWidth = 400;

    private const int CellWidth = 80;

    /// <summary>Writes all rows.</summary>
    /// <param name="rows">The rows; not disposed here.</param>
    /// <param name="format">The format.</param>
    /// <param name="writer">Standard output.</param>
    /// <param name="name">
    /// If null, JSON is an array of objects; otherwise an object with the array under this name.
    /// </param>
    /// <param name="cancellation">Checked once per batch.</param>
    /// <param name="cellWidth">The most characters of a cell of a table; what is longer is cut.</param>
    /// <returns>The number of rows.</returns>
    public static long Write(
        RowSet rows,
        OutputFormat format,
        TextWriter writer,
        string? name,
        CancellationToken cancellation,
        int cellWidth = CellWidth)
    {
        return format switch
        {
            OutputFormat.Json => WriteJson(rows, writer, name, cancellation),
            OutputFormat.Csv => WriteCsv(rows, writer, cancellation),
            _ => WriteText(rows, writer, cellWidth, cancellation),
        };
    }

    private static long WriteText(RowSet rows, TextWriter writer, int cellWidth, CancellationToken cancellation)
    {
        IReadOnlyList<Field> fields = rows.Schema.FieldsList;
        var table = new TextTable(
            writer, [.. fields.Select(f => (f.Name, ArrowCell.IsNumber(f.DataType)))], cellWidth);
        long count = ForEachRow(
            rows,
            (batch, row) => table.Add(Enumerable.Range(0, fields.Count).Select(c => ArrowCell.Text(batch.Column(c), row))),
            cancellation);
        table.End();
        writer.WriteLine(count == 1 ? "(1 row)" : $"({count:N0} rows)");
        return count;
    }

    private static long WriteCsv(RowSet rows, TextWriter writer, CancellationToken cancellation)
    {
        IReadOnlyList<Field> fields = rows.Schema.FieldsList;
        CsvWriter.WriteLine(writer, fields.Select(f => f.Name));
        return ForEachRow(
            rows,
            (batch, row) => CsvWriter.WriteLine(
                writer, Enumerable.Range(0, fields.Count).Select(c => ArrowCell.Text(batch.Column(c), row))),
            cancellation);
    }

    private static long WriteJson(RowSet rows, TextWriter writer, string? name, CancellationToken cancellation)
    {
        string[] names = [.. rows.Schema.FieldsList.Select(f => f.Name)];
        writer.Write(name is null ? "[" : $"{{{JsonSerializer.Serialize(name)}:[");
        long written = 0;
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer, ArrowCell.Json);
        long count = ForEachRow(rows, WriteRow, cancellation);
        writer.WriteLine(name is null ? "\n]" : "\n]}");
        return count;

        void WriteRow(RecordBatch batch, int row)
        {
            buffer.SetLength(0);
            json.Reset(buffer);
            json.WriteStartObject();
            for (int c = 0; c < names.Length; c++)
            {
                json.WritePropertyName(names[c]);
                ArrowCell.WriteJson(json, batch.Column(c), row);
            }

            json.WriteEndObject();
            json.Flush();
            writer.Write(written++ == 0 ? "\n" : ",\n");
            writer.Write(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        }
    }

    private static long ForEachRow(RowSet rows, Action<RecordBatch, int> row, CancellationToken cancellation)
    {
        long count = 0;
        foreach (RecordBatch batch in rows.Batches)
        {
            using (batch)
            {
                cancellation.ThrowIfCancellationRequested();
                for (int i = 0; i < batch.Length; i++)
                {
                    row(batch, i);
                }

                count += batch.Length;
            }
        }

        return count;
    }
}
