using OneRec.Core;
using OneRec.Engine.Spark.Inputs;
using OneRec.Engine.Spark.Jvm;

namespace OneRec.Pipeline.Tests.Engines.Spark.Session;

public sealed class StoreErrorsTests
{
    [Theory]
    [InlineData("org.apache.hadoop.security.AccessControlException", "Permission denied: user=me, access=READ, inode=\"/log\"")]
    [InlineData("java.nio.file.AccessDeniedException", "s3a://b/log: getFileStatus: 403 Forbidden")]
    [InlineData("java.io.FileNotFoundException", "/log (Permission denied)")]
    public void Denied_access_is_an_error_of_the_input(string type, string message) => Told(
        ErrorKind.Input,
        "store.denied",
        "hdfs://n/log: access is denied; grant the user of Spark's driver and executors access to it",
        (type, message));

    [Theory]
    [InlineData("org.apache.hadoop.fs.UnsupportedFileSystemException", "No FileSystem for scheme \"hdfs\"")]
    [InlineData("java.lang.ClassNotFoundException", "Class org.apache.hadoop.fs.s3a.S3AFileSystem not found")]
    public void Scheme_without_a_file_system_is_an_error_of_the_configuration(string type, string message) => Told(
        ErrorKind.Configuration,
        "store.scheme",
        "hdfs://n/log: Spark has no file system for hdfs://; correct the scheme, or add its jars (spark.jars or spark.jars.packages)",
        ("java.lang.RuntimeException", "x"),
        (type, message));

    [Fact]
    public void Host_that_does_not_answer_is_quoted_without_secrets() => Told(
        ErrorKind.Input,
        "store.unreadable",
        "hdfs://n/log cannot be read: Spark failed: UnknownHostException: https://***@n",
        ("java.lang.IllegalArgumentException", "x"),
        ("java.net.UnknownHostException", "https://me:pass@n"));

    private static void Told(ErrorKind kind, string code, string message, params (string Type, string Message)[] chain)
    {
        OneRecException told = StoreErrors.Of(
            "hdfs://n/log", new JvmException(chain[0].Message, [.. chain.Select(c => new JvmCause(c.Type, c.Message))], ""));
        Assert.Equal((kind, code, message), (told.Kind, told.Code, told.Message));
    }
}
