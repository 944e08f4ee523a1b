using OneRec.Core;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Scoring.Models;

namespace OneRec.Pipeline.Queries;

/// <summary>One item through a model folder, for <c>onerec model check</c>.</summary>
public static class ModelQuery
{
    /// <summary>Loads a model as step <c>embed</c> would, and runs one item through it.</summary>
    /// <param name="embed">Section <c>embed</c>: the device.</param>
    /// <param name="folder">Full path of the model folder.</param>
    /// <param name="manifest">Full path of a manifest elsewhere; null: the one in the folder.</param>
    /// <param name="text">The text to try.</param>
    /// <param name="image">Full path of the image to try; null: a made one.</param>
    /// <param name="clock">To time a call by.</param>
    /// <exception cref="OneRecException">What is wrong with the folder, in one line.</exception>
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
