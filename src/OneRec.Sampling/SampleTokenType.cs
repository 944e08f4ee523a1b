namespace OneRec.Sampling;

/// <summary>Value type of a sample's token vectors.</summary>
public enum SampleTokenType
{
    /// <summary><c>tokens</c> is an array of arrays of float.</summary>
    Float,

    /// <summary>
    /// <c>tokens</c> is binary (float16, little-endian, row-major), with columns <c>n_tokens</c> and <c>dim</c>: half
    /// the size.
    /// </summary>
    Float16,
}
