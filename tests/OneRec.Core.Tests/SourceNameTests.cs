namespace OneRec.Core.Tests;

public sealed class SourceNameTests
{
    [Theory]
    [InlineData("db.items", true)]
    [InlineData("main.db.items", true)]
    [InlineData("main.`my db`.`a.b`", true)]
    [InlineData("_db.é1", true)]
    [InlineData("items", false)]
    [InlineData("a.b.c.d", false)]
    [InlineData("db.1", false)]
    [InlineData("items.csv", false)]
    [InlineData("db.items.parquet", false)]
    [InlineData("log.csv.GZ", false)]
    [InlineData("./db.items", false)]
    [InlineData("/data/db.items", false)]
    [InlineData("hdfs://db.items", false)]
    [InlineData("db.*", false)]
    [InlineData("db.items; DROP", false)]
    [InlineData("db.items\n", false)]
    public void Names_of_tables_are_told_from_paths(string text, bool isTable) => Assert.Equal(isTable, SourceName.IsTable(text));

    [Theory]
    [InlineData("file:///data/a%20b.csv", "/data/a%20b.csv")]
    [InlineData("FILE://localhost/data", "/data")]
    [InlineData("file://host/data", "file://host/data")]
    [InlineData("hdfs:///data", "hdfs:///data")]
    [InlineData("/data", "/data")]
    [InlineData("db.items", "db.items")]
    public void Uri_of_a_local_file_is_its_path(string text, string plain) => Assert.Equal(plain, SourceName.Plain(text));

    [Theory]
    [InlineData("s3a://KEY:SE/CRET@bucket/log", "s3a://***@bucket/log")]
    [InlineData("s3a://KEY:SECRET@bucket/log", "s3a://***@bucket/log")]
    [InlineData("https://token@host/log.csv?sig=a/b&x=1", "https://***@host/log.csv?***")]
    [InlineData("ftp://me:p@ss@host/log", "ftp://***@host/log")]
    [InlineData("[\"sftp://me:pass@host/log\"]", "[\"sftp://***@host/log\"]")]
    [InlineData("abfss://container@account.dfs.core.windows.net/log", "abfss://container@account.dfs.core.windows.net/log")]
    [InlineData("abfss://container:key@account/log", "abfss://***@account/log")]
    [InlineData("hdfs://names:8020/a@b/log", "hdfs://names:8020/a@b/log")]
    [InlineData("hdfs://names/day=202?/part-?.csv", "hdfs://names/day=202?/part-?.csv")]
    [InlineData("/data/me:you@here?x=1", "/data/me:you@here?x=1")]
    public void Secrets_are_left_out(string text, string shown) => Assert.Equal(shown, SourceName.WithoutSecrets(text));
}
