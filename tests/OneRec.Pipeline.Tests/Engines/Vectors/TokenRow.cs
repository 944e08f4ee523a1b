using System.Runtime.InteropServices;

namespace OneRec.Pipeline.Tests.Engines.Vectors;

/// <summary>A row of a source of vectors: an id (long, string or null) and bytes with their two numbers.</summary>
internal sealed record TokenRow(object? Id, byte[]? Tokens, long? Count, long? Length)
{
    /// <summary>A row that is right.</summary>
    public static TokenRow Of(object id, params Half[][] vectors) => new(
        id, MemoryMarshal.AsBytes(vectors.SelectMany(v => v).ToArray().AsSpan()).ToArray(), vectors.Length, vectors[0].Length);
}
