using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OneRec.Core;

/// <summary>Hashes that are the same on every machine, engine and version, in lower-case hex.</summary>
public static class StableHash
{
    /// <summary>SHA-256 of the UTF-8 bytes of a string, 64 hex characters.</summary>
    public static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>SHA-256 of a file's bytes, 64 hex characters.</summary>
    public static string Sha256OfFile(string path)
    {
        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>
    /// The hash behind every order-independent choice: the first 32 bits of
    /// <c>md5(concat_ws('|', seed, purpose, length(id), id))</c>, as both engines' SQL computes it.
    /// </summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">One of <c>cap</c>, <c>batch</c>, <c>init</c>, <c>holdout</c>, <c>align</c>.</param>
    /// <param name="id">The id as text; its length is counted in code points.</param>
    public static uint Order32(long seed, string purpose, string id)
    {
        int codePoints = id.EnumerateRunes().Count();
        byte[] digest = Md5(string.Create(CultureInfo.InvariantCulture, $"{seed}|{purpose}|{codePoints}|{id}"));
        return System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(digest);
    }

#pragma warning disable CA5351 // Not used for security: MD5 is the only hash that both engines and .NET have.
    private static byte[] Md5(string text) => MD5.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5351
}
