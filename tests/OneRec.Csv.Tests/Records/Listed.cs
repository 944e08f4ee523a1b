using System.Text;
using OneRec.Csv.Records;

namespace OneRec.Csv.Tests.Records;

/// <summary>Lists records in the format of <see cref="CsvOracle"/>.</summary>
internal sealed class Listed : IRecordSink
{
    public List<string> Lines { get; } = [];

    /// <summary>Reads bytes in blocks of the given size.</summary>
    public static List<string> Of(byte[] bytes, bool multiLine, int columns, int blockBytes = 1 << 20) =>
        Of(bytes, sink => new RecordReader(columns, multiLine, -1, sink, CancellationToken.None), blockBytes);

    /// <summary>Reads bytes in blocks of the given size with a reader.</summary>
    public static List<string> Of(byte[] bytes, Func<IRecordSink, IRecordReader> open, int blockBytes = 1 << 20)
    {
        var listed = new Listed();
        var blocks = new LineBlocks(new MemoryStream(bytes), blockBytes, CancellationToken.None);
        IRecordReader reader = open(listed);
        while (blocks.Next() is { } block)
        {
            reader.Read(block);
        }

        reader.End();
        return listed.Lines;
    }

    public static List<string> Of(string text, bool multiLine, int columns, int blockBytes = 1 << 20) =>
        Of(Encoding.UTF8.GetBytes(text), multiLine, columns, blockBytes);

    public void Accept(long row, TextRecord record) =>
        Lines.Add($"{row}: {string.Join('|', Enumerable.Range(0, record.Count).Select(f => Encoding.UTF8.GetString(record[f])))}");

    public void Reject(long row, string problem, string text) => Lines.Add($"{row} {problem}: {text}");
}
