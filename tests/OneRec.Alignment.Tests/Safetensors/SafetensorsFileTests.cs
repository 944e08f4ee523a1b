using System.Buffers.Binary;
using System.Text;
using OneRec.Alignment.Safetensors;
using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Alignment.Tests.Safetensors;

public sealed class SafetensorsFileTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string FilePath => Path.Combine(_folder.Path, "model.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Values_of_the_three_types_are_read_from_bytes_written_by_hand()
    {
        Put(
            """{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F16","shape":[1,2],"data_offsets":[8,12]},"c":{"dtype":"BF16","shape":[],"data_offsets":[12,14]}}""",
            [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0x3C, 0, 0x80, 0x20, 0x40]);
        using SafetensorsFile file = SafetensorsFile.Open(FilePath);

        Assert.Equal([1f, -2f], file.Read("a", [2]));
        Assert.Equal([1f, -0f], file.Read("b", [1, 2]));
        Assert.Equal([2.5f], file.Read("c", []));
    }

    [Fact]
    public void What_is_written_has_the_layout_of_the_format()
    {
        SafetensorsFile.Write(FilePath, [("x", [1, 2], [1, 2]), ("y", [1], [3])]);
        byte[] bytes = File.ReadAllBytes(FilePath);
        long header = BinaryPrimitives.ReadInt64LittleEndian(bytes);

        Assert.Equal(
            """{"x":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]},"y":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""",
            Encoding.UTF8.GetString(bytes, 8, (int)header));
        Assert.Equal(3f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan((int)(8 + header + 8))));
    }

    [Theory]
    [InlineData("z", "it has no tensor 'z'")]
    [InlineData("a", "tensor 'a' is [2], not [3]")]
    [InlineData("i", "tensor 'i' has type I64, not F32, F16 or BF16")]
    public void A_tensor_that_is_missing_or_misshapen_is_named(string name, string what)
    {
        Put(
            """{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"i":{"dtype":"I64","shape":[3],"data_offsets":[0,8]}}""",
            new byte[8]);
        using SafetensorsFile file = SafetensorsFile.Open(FilePath);

        OneRecException refusal = Assert.Throws<OneRecException>(() => file.Read(name, [3]));

        Assert.Contains(FilePath, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(what, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"a\":1}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,12]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[9],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807,9223372036854775807],\"data_offsets\":[0,8]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0]}}")]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":\"2\",\"data_offsets\":[0,8]}}")]
    public void A_damaged_header_is_one_line(string header)
    {
        Put(header, new byte[8]);

        OneRecException refusal = Assert.Throws<OneRecException>(() => SafetensorsFile.Open(FilePath));

        Assert.Equal("align.safetensors", refusal.Code);
        Assert.DoesNotContain('\n', refusal.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(12)]
    public void A_file_that_is_cut_short_is_one_line(int bytes)
    {
        SafetensorsFile.Write(FilePath, [("x", [2], [1, 2])]);
        File.WriteAllBytes(FilePath, File.ReadAllBytes(FilePath)[..bytes]);

        Assert.Equal("align.safetensors", Assert.Throws<OneRecException>(() => SafetensorsFile.Open(FilePath)).Code);
    }

    private void Put(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        File.WriteAllBytes(FilePath, [.. length, .. json, .. data]);
    }
}
