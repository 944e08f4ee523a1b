using OneRec.Export.Ids;

namespace OneRec.Export;

/// <summary>What the user asked for.</summary>
/// <param name="Format">The name of a format.</param>
/// <param name="Folder">Full path of the folder to write.</param>
/// <param name="GivenFolder">The folder as it was given; formats that record where they lie record this.</param>
public sealed record ExportRequest(string Format, string Folder, string GivenFolder)
{
    /// <summary>What is done with twins; null: what the format does by itself.</summary>
    public TwinPolicy? Twins { get; init; }

    /// <summary>Whether deleted items, which keep their IDs, are exported too.</summary>
    public bool WithDeleted { get; init; }

    /// <summary>Whether an earlier export in the folder is replaced.</summary>
    public bool Overwrite { get; init; }
}
