using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Scoring.Manifests;

namespace OneRec.Scoring.Models;

/// <summary>A model on this machine: a manifest and the folder with the files it names.</summary>
/// <param name="Folder">Full path of the folder.</param>
/// <param name="ManifestPath">Full path of the manifest, inside the folder or not.</param>
/// <param name="Manifest">The parsed manifest.</param>
public sealed record ModelFolder(string Folder, string ManifestPath, ModelManifest Manifest) : IModelFiles
{
    /// <summary>The manifest's default file name.</summary>
    public const string DefaultManifest = "manifest.json";

    /// <inheritdoc/>
    public string OnnxPath => Path.Combine(Folder, Manifest.Onnx);

    /// <summary>Reads the manifest of a model folder; the other files are opened when the model is loaded.</summary>
    /// <param name="folder">The model folder.</param>
    /// <param name="manifest">A manifest elsewhere, for folders without one; null: <c>manifest.json</c> in the folder.</param>
    /// <exception cref="OneRecException">The folder does not exist, or the manifest is invalid.</exception>
    public static ModelFolder Open(string folder, string? manifest = null)
    {
        string full = Path.GetFullPath(folder);
        if (!Directory.Exists(full))
        {
            throw OneRecException.Configuration("model.no-folder", $"{full}: the model folder does not exist; set embed.inputs[].encoder");
        }

        string path = manifest is null ? Path.Combine(full, DefaultManifest) : Path.GetFullPath(manifest);
        return new ModelFolder(full, path, ModelManifest.Read(path));
    }

    /// <summary>
    /// Identifies the model independently of its path: the content of its manifest and the SHA-256 of each file by name.
    /// </summary>
    /// <exception cref="OneRecException">A file that the manifest names does not exist.</exception>
    public JsonObject Identity()
    {
        var files = new JsonObject();
        foreach (string name in Manifest.Files.Distinct())
        {
            files[name] = FileHashes.Sha256(Existing(name));
        }

        return new JsonObject { ["manifest"] = JsonNode.Parse(Manifest.Canonical), ["files"] = files };
    }

    /// <inheritdoc/>
    public T Expect<T>(string kind)
        where T : ModelManifest => Manifest as T ?? throw OneRecException.Configuration(
            "model.kind",
            $"{ManifestPath}: the model's kind is {Manifest.Kind}, but a block of {kind} needs {kind}; name another model folder");

    /// <inheritdoc/>
    public string Existing(string name)
    {
        string path = Path.Combine(Folder, name);
        return File.Exists(path)
            ? path
            : throw OneRecException.Engine("model.no-file", $"{path}: the file does not exist, but {ManifestPath} names it; copy it there");
    }
}

/// <summary>SHA-256 of files, computed once per process for each state of a file.</summary>
internal static class FileHashes
{
    private static readonly ConcurrentDictionary<(string Path, long Length, long Modified), string> Known = new();

    /// <summary>The file's SHA-256, 64 hex characters; computed again if its size or time has changed.</summary>
    public static string Sha256(string path)
    {
        var file = new FileInfo(path);
        return Known.GetOrAdd((path, file.Length, file.LastWriteTimeUtc.Ticks), static key => StableHash.Sha256OfFile(key.Path));
    }
}
