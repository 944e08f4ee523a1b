namespace OneRec.Scoring.Models;

/// <summary>How a model's weights and activations are held.</summary>
public enum Quantization
{
    /// <summary>None: floating point throughout (<c>float</c> in a manifest).</summary>
    None,

    /// <summary>
    /// Activations quantized to 8 bits at run time with one range for the whole batch, so that a row's output would
    /// depend on its batch mates: such a model is run one row at a time.
    /// </summary>
    Dynamic,
}
