namespace OneRec.Delta.Tests;

/// <summary>Folders against what Spark and Hive make of the same values, known texts.</summary>
public sealed class PartitionFolderTests
{
    [Theory]
    [InlineData("plain-1_2.3~", "plain-1_2.3~")]
    [InlineData("a b", "a b")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("50%", "50%25")]
    [InlineData("k=v", "k%3Dv")]
    [InlineData("10:30", "10%3A30")]
    [InlineData("\"'#*?\\{[]^", "%22%27%23%2A%3F%5C%7B%5B%5D%5E")]
    [InlineData("\t\n\u007f\u0001", "%09%0A%7F%01")]
    [InlineData("}<>|&+@!", "}<>|&+@!")]
    [InlineData("日本", "日本")]
    [InlineData("..", "..")]
    [InlineData("", "")]
    [InlineData(null, "__HIVE_DEFAULT_PARTITION__")]
    public void Value_is_escaped_as_Spark_escapes_it(string? value, string folder) =>
        Assert.Equal("p=" + folder, PartitionFolder.Of([("p", value)]));

    [Fact]
    public void Columns_are_folders_in_order_and_names_are_escaped_too() =>
        Assert.Equal("b%3Ac=1/a=2", PartitionFolder.Of([("b:c", "1"), ("a", "2")]));

    [Theory]
    [InlineData("p=a b/x.parquet", "p=a%20b/x.parquet")]
    [InlineData("p=a%2Fb/x.parquet", "p=a%252Fb/x.parquet")]
    [InlineData("p=日/x", "p=%E6%97%A5/x")]
    [InlineData("p=\U0001F600", "p=%F0%9F%98%80")]
    [InlineData("p=+&", "p=%2B%26")]
    public void Log_percent_encodes_each_segment_once_more(string path, string encoded) =>
        Assert.Equal(encoded, PartitionFolder.UrlEncode(path));
}
