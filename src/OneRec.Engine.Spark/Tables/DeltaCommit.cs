using System.Text.Json;

namespace OneRec.Engine.Spark.Tables;

/// <summary>The parts of a commit file of a Delta log that the engine needs.</summary>
/// <param name="Version">The version that the commit created.</param>
/// <param name="ChangesData">Whether it added or removed files with <c>dataChange</c>.</param>
/// <param name="Note">The note of the commit, if this program made it.</param>
internal sealed record DeltaCommit(long Version, bool ChangesData, CommitNote? Note)
{
    /// <summary>Reads a commit file: one JSON action per line (Delta protocol, "Delta Log Entries").</summary>
    public static DeltaCommit Read(long version, byte[] file)
    {
        bool changesData = false;
        CommitNote? note = null;
        foreach (ReadOnlyMemory<byte> line in Lines(file))
        {
            using JsonDocument action = JsonDocument.Parse(line);
            foreach (JsonProperty part in action.RootElement.EnumerateObject())
            {
                switch (part.Name)
                {
                    case "add" or "remove":
                        changesData |= part.Value.TryGetProperty("dataChange", out JsonElement flag) && flag.GetBoolean();
                        break;
                    case "commitInfo" when part.Value.TryGetProperty("userMetadata", out JsonElement text):
                        note = CommitNote.TryRead(text.GetString());
                        break;
                }
            }
        }

        return new DeltaCommit(version, changesData, note);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Lines(ReadOnlyMemory<byte> file)
    {
        while (!file.IsEmpty)
        {
            int end = file.Span.IndexOf((byte)'\n');
            ReadOnlyMemory<byte> line = end < 0 ? file : file[..end];
            file = end < 0 ? default : file[(end + 1)..];
            if (!line.Span.Trim(" \r\t"u8).IsEmpty)
            {
                yield return line;
            }
        }
    }
}
