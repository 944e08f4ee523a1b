using OneRec.Testing;

namespace OneRec.Core.Tests;

/// <summary>Hashes against published vectors and those that md5sum prints.</summary>
public sealed class StableHashTests
{
    // FIPS 180-4 examples (NIST, SHA256.pdf), and the empty message.
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Sha256_of_a_text_is_the_published_one(string text, string hash)
    {
        Assert.Equal(hash, StableHash.Sha256(text));
        using var scratch = new ScratchFolder();
        File.WriteAllText(scratch["f"], text);
        Assert.Equal(hash, StableHash.Sha256OfFile(scratch["f"]));
    }

    [Fact]
    public void Text_is_hashed_as_UTF8_without_a_mark() => // printf 'é' | sha256sum
        Assert.Equal("4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c", StableHash.Sha256("é"));

    // printf '1|cap|2|42' | md5sum and so on: the first eight hexadecimal digits.
    [Theory]
    [InlineData(1, "cap", "42", 0xa749b50du)]
    [InlineData(-7, "batch", "日本", 0x5f30d0d0u)]
    [InlineData(1, "init", "\U0001F600", 0x0697c2aeu)]
    public void Order_is_the_head_of_the_md5_with_the_length_in_code_points(long seed, string purpose, string id, uint hash) =>
        Assert.Equal(hash, StableHash.Order32(seed, purpose, id));
}
