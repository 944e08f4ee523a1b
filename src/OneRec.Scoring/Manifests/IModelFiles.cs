using OneRec.Core;

namespace OneRec.Scoring.Manifests;

/// <summary>A model's manifest and files, as sessions, tokenizers and encoders need them.</summary>
public interface IModelFiles
{
    /// <summary>Full path of the manifest.</summary>
    string ManifestPath { get; }

    /// <summary>The parsed manifest.</summary>
    ModelManifest Manifest { get; }

    /// <summary>Full path of the ONNX file.</summary>
    string OnnxPath { get; }

    /// <summary>The manifest as the manifest of a kind.</summary>
    /// <typeparam name="T">The kind's manifest.</typeparam>
    /// <param name="kind">The kind that is needed, such as <c>text</c>.</param>
    /// <exception cref="OneRecException">Configuration error <c>model.kind</c>: the model is of another kind.</exception>
    T Expect<T>(string kind)
        where T : ModelManifest;

    /// <summary>Full path of a file of the model.</summary>
    /// <exception cref="OneRecException">Engine error <c>model.no-file</c>.</exception>
    string Existing(string name);
}
