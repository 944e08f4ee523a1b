using OneRec.Configuration;

namespace OneRec.Pipeline.Tests.Configuration;

public sealed class MemorySizeTests
{
    [Theory]
    [InlineData("0", 0L)]
    [InlineData("2 GiB", 2147483648L)]
    [InlineData("512MiB", 536870912L)]
    [InlineData(" 1.5 gib ", 1610612736L)]
    [InlineData("2 GB", 2000000000L)]
    [InlineData("64 kB", 64000L)]
    [InlineData("64 KiB", 65536L)]
    [InlineData("1 TiB", 1099511627776L)]
    [InlineData("100 B", 100L)]
    public void Sizes_are_read(string text, long bytes)
    {
        Assert.True(MemorySize.TryParse(text, out long got));
        Assert.Equal(bytes, got);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("2 G")]
    [InlineData("GiB")]
    [InlineData("1,5 GiB")]
    [InlineData("2 GiB 3")]
    [InlineData("1e9")]
    [InlineData("٣ GiB")]
    [InlineData("9999999999 TiB")]
    public void What_is_no_size_is_refused(string? text) => Assert.False(MemorySize.TryParse(text, out _));

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1024, "1 KiB")]
    [InlineData(1610612736, "1.5 GiB")]
    [InlineData(523239424, "499 MiB")]
    public void Sizes_are_written_for_people(long bytes, string text) => Assert.Equal(text, MemorySize.Format(bytes));
}
