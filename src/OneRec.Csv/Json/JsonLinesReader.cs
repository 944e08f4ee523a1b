using OneRec.Csv.Records;

namespace OneRec.Csv.Json;

/// <summary>Reads lines of JSON, each an object; a blank line is skipped.</summary>
/// <param name="paths">The keys that lead to each field, outermost first.</param>
/// <param name="records">Receives the records.</param>
/// <param name="cancellation">Checked before each block.</param>
internal sealed class JsonLinesReader(IReadOnlyList<IReadOnlyList<string>> paths, IRecordSink records, CancellationToken cancellation)
    : LineReader(0, records, cancellation)
{
    private readonly JsonRecord _record = new(JsonKey.Root(paths), paths.Count);

    /// <inheritdoc/>
    protected override bool SkipsEmptyLines => true;

    /// <inheritdoc/>
    protected override string NotUtf8(byte value, int place) => JsonProblems.NotUtf8(value, place);

    /// <inheritdoc/>
    protected override void Read(ReadOnlySpan<byte> line, bool isHeader)
    {
        if (_record.Read(line) is { } problem)
        {
            Reject(problem, _record.Text);
        }
        else
        {
            Accept(_record);
        }
    }
}
