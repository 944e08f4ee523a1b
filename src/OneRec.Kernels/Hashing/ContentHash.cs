using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OneRec.Kernels.Hashing;

/// <summary>
/// The hash of an item's content: SHA-256 over its fields in order, each as an 8-byte little-endian length and its
/// UTF-8 bytes, or the length -1 alone where it is null. Lower-case hex.
/// </summary>
/// <remarks>The lengths make it injective: no two lists of fields share an encoding, null differs from empty. Not thread-safe.</remarks>
public sealed class ContentHash : IDisposable
{
    private readonly IncrementalHash _sha = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Adds a field that has a value.</summary>
    public void Add(ReadOnlySpan<byte> utf8)
    {
        AddLength(utf8.Length);
        _sha.AppendData(utf8);
    }

    /// <summary>Adds a field that is null.</summary>
    public void AddNull() => AddLength(-1);

    /// <summary>Writes the hash of the fields added since the last call, and starts anew.</summary>
    /// <param name="hex">Out, 64 ASCII bytes.</param>
    /// <exception cref="ArgumentException">The room is not 64 bytes.</exception>
    public void Finish(Span<byte> hex)
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        if (hex.Length != 2 * digest.Length)
        {
            throw new ArgumentException($"room of {hex.Length} bytes for 64 characters", nameof(hex));
        }

        _sha.GetHashAndReset(digest);
        Convert.TryToHexStringLower(digest, hex, out _);
    }

    /// <inheritdoc/>
    public void Dispose() => _sha.Dispose();

    private void AddLength(long length)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, length);
        _sha.AppendData(bytes);
    }
}
