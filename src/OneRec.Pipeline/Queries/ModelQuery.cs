using OneRec.Core;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Scoring.Models;

namespace OneRec.Pipeline.Queries;

/// <summary>Runs one item through a model folder, for <c>onerec model check</c>.</summary>
public static class ModelQuery
{
    /// <summary>Loads a model like step <c>embed</c> and runs one item through it.</summary>
    /// <param name="embed">Section <c>embed</c>, for the device.</param>
    /// <param name="folder">Absolute path of the model folder.</param>
    /// <param name="manifest">Absolute path of a manifest outside the folder; null for the one in the folder.</param>
    /// <param name="text">The text to try.</param>
    /// <param name="image">Absolute path of the image to try; null for a generated one.</param>
    /// <param name="clock">The clock, to time a call.</param>
    /// <exception cref="OneRecException">The folder is invalid; the message says why in one line.</exception>
    public static IReadOnlyList<Fact> Check(
        EmbedOptions embed, string folder, string? manifest, string text, string? image, TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(embed);
        return
        [
            .. new ModelCheck(ModelFolder.Open(folder, manifest), embed.OpenDevice(), clock)
                .Run(text, image)
                .Select(f => new Fact(f.Name, f.Value)),
        ];
    }
}
