namespace OneRec.Delta;

/// <summary>The few acts on the disk that a commit's safety rests on, in one place.</summary>
internal interface IDurableFiles
{
    /// <summary>Makes a folder, and those above it, each durable in its parent.</summary>
    void CreateFolder(string path);

    /// <summary>Writes a new file whole and makes its bytes durable.</summary>
    void Write(string path, ReadOnlySpan<byte> bytes);

    /// <summary>Makes a file's bytes durable.</summary>
    void SyncFile(string path);

    /// <summary>Makes a folder's entries durable.</summary>
    void SyncFolder(string path);

    /// <summary>Gives a file a second name if nothing has it: atomic, and never an overwrite.</summary>
    /// <returns>False where something has that name.</returns>
    bool Link(string from, string to);

    /// <summary>Removes a file.</summary>
    void Delete(string path);
}
