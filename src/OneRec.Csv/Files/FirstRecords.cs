using OneRec.Csv.Records;

namespace OneRec.Csv.Files;

/// <summary>Keeps the first records of a file.</summary>
/// <param name="most">Maximum number of records.</param>
internal sealed class FirstRecords(int most) : IRecordSink
{
    /// <summary>The records in order: fields, or the problem of a malformed one.</summary>
    public List<(string?[]? Fields, string? Problem)> Rows { get; } = [];

    /// <summary>Whether no further record is kept.</summary>
    public bool IsFull => Rows.Count >= most;

    /// <inheritdoc/>
    public void Accept(long row, TextRecord record)
    {
        if (!IsFull)
        {
            Rows.Add(([.. Enumerable.Range(0, record.Count).Select(record.TextOf)], null));
        }
    }

    /// <inheritdoc/>
    public void Reject(long row, string problem, string text)
    {
        if (!IsFull)
        {
            Rows.Add((null, problem));
        }
    }
}
