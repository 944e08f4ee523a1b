namespace OneRec.Scoring.Text;

/// <summary>Which texts go through a model together.</summary>
public enum Batching
{
    /// <summary>One at a time: a dynamically quantized model, or one whose rows depend on their batch mates.</summary>
    Alone,

    /// <summary>Texts of equal length, which need no padding, so that a row keeps its bits (on the CPU).</summary>
    EqualLengths,

    /// <summary>Texts of like lengths, padded to shapes of a small set (on a device; rows agree within 1e-4).</summary>
    Padded,
}
