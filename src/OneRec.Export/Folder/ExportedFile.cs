namespace OneRec.Export.Folder;

/// <summary>A file of an export.</summary>
/// <param name="Name">Its path in the folder, with '/'.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its hash, in hex.</param>
public sealed record ExportedFile(string Name, long Bytes, string Sha256);
