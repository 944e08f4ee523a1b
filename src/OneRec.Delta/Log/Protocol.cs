namespace OneRec.Delta;

/// <summary>What a program must know to read or write a table (action <c>protocol</c>).</summary>
/// <param name="MinReaderVersion">1 is plain; 2 has column mapping; 3 lists its features.</param>
/// <param name="MinWriterVersion">2 is plain; 7 lists its features.</param>
/// <param name="ReaderFeatures">Names, with reader version 3; else empty.</param>
/// <param name="WriterFeatures">Names, with writer version 7; else empty.</param>
public sealed record Protocol(
    int MinReaderVersion,
    int MinWriterVersion,
    IReadOnlyList<string> ReaderFeatures,
    IReadOnlyList<string> WriterFeatures) : TableAction
{
    /// <summary>What we write: reader version 1, writer version 2.</summary>
    public static Protocol Plain { get; } = new(1, 2, [], []);
}
