using System.Security.Cryptography;

namespace OneRec.Pipeline.Running;

/// <summary>Bytes of a checkpoint, followed by their SHA-256.</summary>
internal static class SealedBytes
{
    /// <summary>Appends the checksum.</summary>
    public static byte[] Seal(MemoryStream bytes)
    {
        bytes.Write(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        return bytes.ToArray();
    }

    /// <summary>Whether the bytes are intact: their checksum matches.</summary>
    public static bool IsIntact(ReadOnlySpan<byte> bytes) =>
        bytes.Length > SHA256.HashSizeInBytes
        && SHA256.HashData(bytes[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(bytes[^SHA256.HashSizeInBytes..]);
}
