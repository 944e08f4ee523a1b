using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Scoring.Models;

/// <summary>A model on this machine: a manifest and the folder that holds the files it names.</summary>
/// <param name="Folder">Full path of the folder.</param>
/// <param name="ManifestPath">Full path of the manifest, in the folder or elsewhere.</param>
/// <param name="Manifest">What it says.</param>
public sealed record ModelFolder(string Folder, string ManifestPath, ModelManifest Manifest)
{
    /// <summary>The manifest's name where none is named.</summary>
    public const string DefaultManifest = "manifest.json";

    /// <summary>Full path of the ONNX file.</summary>
    public string OnnxPath => Path.Combine(Folder, Manifest.Onnx);

    /// <summary>Reads a model folder's manifest; the other files are opened when the model is loaded.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="manifest">A manifest elsewhere, for folders that have none; null: <c>manifest.json</c> in the folder.</param>
    /// <exception cref="OneRecException">No such folder, or a manifest that does not hold.</exception>
    public static ModelFolder Open(string folder, string? manifest = null)
    {
        string full = Path.GetFullPath(folder);
        if (!Directory.Exists(full))
        {
            throw OneRecException.Configuration("model.no-folder", $"{full}: no model folder there; set embed.inputs[].encoder");
        }

        string path = manifest is null ? Path.Combine(full, DefaultManifest) : Path.GetFullPath(manifest);
        return new ModelFolder(full, path, ModelManifest.Read(path));
    }

    /// <summary>
    /// What identifies the model wherever it lies: its manifest's content and the SHA-256 of each file by name.
    /// </summary>
    /// <exception cref="OneRecException">A file that the manifest names is not there.</exception>
    public JsonObject Identity()
    {
        var files = new JsonObject();
        foreach (string name in Manifest.Files.Distinct())
        {
            files[name] = FileHashes.Sha256(Existing(name));
        }

        return new JsonObject { ["manifest"] = JsonNode.Parse(Manifest.Canonical), ["files"] = files };
    }

    /// <summary>The manifest as that of a kind.</summary>
    /// <typeparam name="T">The kind's manifest.</typeparam>
    /// <param name="kind">The kind that a block takes, such as <c>text</c>.</param>
    /// <exception cref="OneRecException">Configuration error <c>model.kind</c>: it is of another kind.</exception>
    public T Expect<T>(string kind)
        where T : ModelManifest => Manifest as T ?? throw OneRecException.Configuration(
            "model.kind",
            $"{ManifestPath}: is of kind {Manifest.Kind}, but a block of {kind} needs one of kind {kind}; name another model folder");

    /// <summary>Full path of a file of the model.</summary>
    /// <exception cref="OneRecException">Engine error <c>model.no-file</c>.</exception>
    public string Existing(string name)
    {
        string path = Path.Combine(Folder, name);
        return File.Exists(path)
            ? path
            : throw OneRecException.Engine("model.no-file", $"{path}: not there, but {ManifestPath} names it");
    }
}
