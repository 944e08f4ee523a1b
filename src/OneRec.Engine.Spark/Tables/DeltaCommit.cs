using OneRec.Delta;

namespace OneRec.Engine.Spark.Tables;

/// <summary>The parts of a commit of a Delta log that the engine needs.</summary>
/// <param name="Version">The version that the commit created.</param>
/// <param name="ChangesData">Whether it added or removed files with <c>dataChange</c>.</param>
/// <param name="Note">The note of the commit, if this program made it.</param>
/// <param name="Time">When it was made, by its own word; null if it does not say.</param>
internal sealed record DeltaCommit(long Version, bool ChangesData, CommitNote? Note, DateTimeOffset? Time)
{
    /// <summary>Reads a commit file.</summary>
    /// <param name="table">Names the table in errors.</param>
    /// <param name="version">The version.</param>
    /// <param name="file">Its bytes.</param>
    /// <exception cref="Core.OneRecException">Table error <c>delta.log-broken</c>: the file is cut off or damaged.</exception>
    public static DeltaCommit Read(string table, long version, byte[] file)
    {
        bool changesData = false;
        CommitNote? note = null;
        DateTimeOffset? time = null;
        foreach (TableAction action in CommitContent.Read(table, version, new MemoryStream(file, writable: false)))
        {
            switch (action)
            {
                case AddFile add:
                    changesData |= add.DataChange;
                    break;
                case RemoveFile remove:
                    changesData |= remove.DataChange;
                    break;
                case CommitInfo info:
                    note = info.UserMetadata is { } text ? CommitNote.TryRead(text) : null;
                    time = info.Timestamp is { } milliseconds ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds) : null;
                    break;
            }
        }

        return new DeltaCommit(version, changesData, note, time);
    }
}
