using System.Text.Json.Nodes;
using Apache.Arrow;
using OneRec.Csv.Columns;
using OneRec.Csv.Records;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Ids;

namespace OneRec.Csv.Kernels;

/// <summary>Kernel <c>csv-records</c>: parses lines of CSV files or of JSON into typed rows.</summary>
/// <remarks>
/// <para>
/// Input: <c>line</c> BINARY, a line without its line feed; <c>file</c> BIGINT, the number of the file; <c>block</c> BIGINT, the
/// first byte of the part of the file that contains the line; <c>file_value_0</c> and so on, STRING, the values that are
/// constant within a file. Lines of a part are adjacent and in order; if a quoted field may contain line breaks, so are the
/// parts of a file.
/// </para>
/// <para>
/// Output: <see cref="CsvRequest.Schema"/>. The header, if there is one, is skipped. If every line is a record, a bad row's number counts
/// from the start of its part; otherwise it counts from the start of the file, and its part is 0.
/// </para>
/// </remarks>
public sealed class CsvRecordsKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "csv-records";

    /// <summary>The column of lines.</summary>
    public const string Line = "line";

    /// <summary>The column of files.</summary>
    public const string File = "file";

    /// <summary>The column of parts.</summary>
    public const string Block = "block";

    private const int BlockBytes = 1 << 20;

    private readonly CsvRequest _request;

    /// <summary>Creates the kernel from its parameters.</summary>
    /// <exception cref="ArgumentException">The parameters are not a request.</exception>
    public CsvRecordsKernel(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _request = CsvRequest.FromJson(parameters);
    }

    /// <summary>The name of the column of a value that is constant within a file.</summary>
    /// <param name="index">Index of the value.</param>
    public static string FileValue(int index) => $"file_value_{index}";

    /// <summary>Describes a call of this kernel.</summary>
    public static KernelCall Call(CsvRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new KernelCall(Name, request.ToJson(), request.Schema);
    }

    /// <summary>Adds the kernel to a registry.</summary>
    /// <returns>The registry.</returns>
    public static KernelRegistry Register(KernelRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(registry);
        return registry.Add(Name, parameters => new CsvRecordsKernel(parameters));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The input does not match the remarks.</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        var builder = new BatchBuilder(_request);
        Schema schema = _request.Schema;
        var lines = new LineBuffer(_request.Encoding);
        (long File, long Block) part = default;
        IRecordReader? reader = null;
        foreach (RecordBatch batch in rows)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            var line = (BinaryArray)BatchColumns.Find(batch, Line);
            Int64Array file = BatchColumns.FindNonNull<Int64Array>(batch, File);
            Int64Array block = BatchColumns.FindNonNull<Int64Array>(batch, Block);
            StringArray[] fileValues = [.. Enumerable.Range(0, _request.FileValues).Select(i => (StringArray)BatchColumns.Find(batch, FileValue(i)))];
            for (int row = 0; row < batch.Length; row++)
            {
                (long File, long Block) next = (file.Values[row], _request.MultiLine ? 0 : block.Values[row]);
                if (reader is null || next != part)
                {
                    if (reader is not null)
                    {
                        Read(reader, lines);
                        reader.End();
                        if (builder.Count > 0)
                        {
                            yield return builder.Build().ToRecordBatch(schema, part.File, part.Block, 0);
                        }
                    }

                    part = next;
                    reader = _request.Reader(isStart: block.Values[row] == 0, builder, context.Cancellation);
                    builder.SetFileValues([.. fileValues.Select(values => values.IsNull(row) ? null : values.GetString(row))]);
                }

                if (line.GetValueLength(row) > LineBlock.MaxBytes)
                {
                    Read(reader, lines);
                    reader.Read(lines.TooLong(line.GetBytes(row)));
                }
                else
                {
                    lines.Add(line.GetBytes(row));
                }

                if (lines.Length >= BlockBytes)
                {
                    Read(reader, lines);
                    if (builder.Count > 0)
                    {
                        yield return builder.Build().ToRecordBatch(schema, part.File, part.Block, 0);
                    }
                }
            }
        }

        if (reader is not null)
        {
            Read(reader, lines);
            reader.End();
            if (builder.Count > 0)
            {
                yield return builder.Build().ToRecordBatch(schema, part.File, part.Block, 0);
            }
        }
    }

    private static void Read(IRecordReader reader, LineBuffer lines)
    {
        if (lines.Take() is { } block)
        {
            reader.Read(block);
        }
    }
}
