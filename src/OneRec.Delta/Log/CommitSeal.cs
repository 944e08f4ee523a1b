using System.Security.Cryptography;
using System.Text;

namespace OneRec.Delta;

/// <summary>
/// The seal of a commit of ours: the SHA-256 of the file, kept in its <c>commitInfo</c>, so that one changed byte is told by
/// whoever reads the commit here.
/// </summary>
/// <remarks>
/// The protocol leaves the fields of <c>commitInfo</c> to the writer ("Commit Provenance Information"). The hash is computed
/// with the seal's own digits as zeros.
/// </remarks>
internal static class CommitSeal
{
    /// <summary>The field of <c>commitInfo</c>.</summary>
    public const string Field = "onerecSeal";

    /// <summary>What stands in the field until the commit is complete.</summary>
    public static readonly string Open = new('0', 2 * SHA256.HashSizeInBytes);

    // In a text of the user the quotes are escaped, so that this is found nowhere else.
    private static ReadOnlySpan<byte> Mark => "\"onerecSeal\":\""u8;

    /// <summary>Writes the seal into a complete commit whose field still has zeros.</summary>
    public static void Close(byte[] commit)
    {
        Range digits = Find(commit) ?? throw new ArgumentException("the commit has no place for a seal", nameof(commit));
        Hash(commit).CopyTo(commit.AsSpan(digits));
    }

    /// <summary>Whether a commit is as it was written; null if it has no seal.</summary>
    public static bool? IsRight(ReadOnlySpan<byte> commit)
    {
        if (Find(commit) is not { } digits)
        {
            return null;
        }

        byte[] open = commit.ToArray();
        open.AsSpan(digits).Fill((byte)'0');
        return commit[digits].SequenceEqual(Hash(open));
    }

    private static byte[] Hash(byte[] commit) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(commit)));

    private static Range? Find(ReadOnlySpan<byte> commit)
    {
        int mark = commit.IndexOf(Mark);
        int first = mark + Mark.Length;
        return mark < 0 || commit.Length < first + Open.Length ? null : first..(first + Open.Length);
    }
}
