namespace OneRec.Sampling;

/// <summary>How the values of a sample's token vectors are written.</summary>
public enum SampleTokenType
{
    /// <summary><c>tokens</c> array of array of float.</summary>
    Float,

    /// <summary><c>tokens</c> binary of float16, little-endian row-major, with <c>n_tokens</c> and <c>dim</c>: half the bytes.</summary>
    Float16,
}
