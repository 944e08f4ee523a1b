namespace OneRec.Inputs.Csv;

/// <summary>Copies of input files that an engine could not read as they are; gone with it.</summary>
/// <remarks>In the system's folder for temporary files (<c>TMPDIR</c>): only files with malformed records are copied.</remarks>
internal sealed class ScratchCopies : IDisposable
{
    private string? _folder;

    /// <summary>The folder's full path.</summary>
    public string Folder => _folder ??= Directory.CreateTempSubdirectory("onerec-csv-").FullName;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
            _folder = null;
        }
    }
}
