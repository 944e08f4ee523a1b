using OneRec.Core;

namespace OneRec.Engine.Sources;

/// <summary>
/// What an engine can find of the user's inputs before it reads their rows: files with sizes and times, the beginnings of files,
/// and tables. Rows are read through relations.
/// </summary>
/// <remarks>Planning uses it in the process of the driver, so nothing here reads a large file to its end unless it says so.</remarks>
public interface IInputStore
{
    /// <summary>Why this engine does not read an input of this name, as the end of a sentence; null if it may.</summary>
    /// <param name="name">A path, a URI, or the name of a table.</param>
    string? WhyNot(string name);

    /// <summary>The path as the engine names it in lists and rows.</summary>
    /// <exception cref="OneRecException">No file system of the engine has such paths (exit 2), or the path is invalid (exit 3).</exception>
    string Full(string path);

    /// <summary>What is at a path; null if nothing is.</summary>
    /// <exception cref="OneRecException">Exit 3: it is not known, because access is denied or the file system does not answer.</exception>
    StoredFile? Find(string path);

    /// <summary>What is in a folder, in no order.</summary>
    /// <exception cref="OneRecException">Exit 3: the folder cannot be listed.</exception>
    IEnumerable<StoredFile> List(string folder);

    /// <summary>The path with symbolic links followed; the path itself where there are none.</summary>
    string RealPath(string path);

    /// <summary>Opens a file for reading at any offset. The caller disposes of the stream.</summary>
    /// <exception cref="OneRecException">Exit 3: a file that is on no disk of this machine cannot be opened.</exception>
    /// <exception cref="IOException">The file cannot be opened; or, from the stream, not read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access is denied.</exception>
    Stream Open(string file);

    /// <summary>The SHA-256 of a file's bytes in hex; reads the whole file.</summary>
    /// <exception cref="OneRecException">Exit 2: the file is not on a disk of this machine.</exception>
    string ContentHash(string file);

    /// <summary>A table of a catalog; null if there is none of this name.</summary>
    /// <exception cref="OneRecException">Exit 3: the table cannot be read.</exception>
    StoredTable? FindTable(string name);

    /// <summary>The Delta table in a folder; null if its log is in local files, which are read directly.</summary>
    /// <exception cref="OneRecException">Exit 3: the table cannot be read.</exception>
    StoredTable? DeltaTable(string folder);

    /// <summary>The first values of a table's column as text, without nulls.</summary>
    /// <param name="table">A table that this store found.</param>
    /// <param name="column">A column of text or numbers.</param>
    /// <param name="count">Maximum number of values.</param>
    IEnumerable<string> FirstValues(StoredTable table, string column, int count);
}
