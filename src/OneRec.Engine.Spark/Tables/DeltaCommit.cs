using OneRec.Delta;

namespace OneRec.Engine.Spark.Tables;

/// <summary>The parts of a commit of a Delta log that the engine needs.</summary>
/// <param name="Version">The version that the commit created.</param>
/// <param name="ChangesData">Whether it added or removed files with <c>dataChange</c>.</param>
/// <param name="Note">The note of the commit, if this program made it.</param>
internal sealed record DeltaCommit(long Version, bool ChangesData, CommitNote? Note)
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
                case CommitInfo { UserMetadata: { } text }:
                    note = CommitNote.TryRead(text);
                    break;
            }
        }

        return new DeltaCommit(version, changesData, note);
    }
}
