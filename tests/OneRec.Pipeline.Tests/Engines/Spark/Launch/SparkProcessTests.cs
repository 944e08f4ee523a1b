using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Launch;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Engines.Spark.Launch;

public sealed class SparkProcessTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Launcher_that_ends_is_told_with_its_last_words()
    {
        SparkHome home = Home("echo 'WARN noise' >&2; echo 'Error: Could not find or load main class' >&2; echo bye; exit 7");
        OneRecException thrown = Assert.Throws<OneRecException>(() => SparkProcess.Start(home, "local[1]", Settings(), null));
        Assert.Equal((ErrorKind.Engine, "spark.start"), (thrown.Kind, thrown.Code));
        Assert.Equal("Spark's driver JVM ended with code 7: Error: Could not find or load main class", thrown.Message);
    }

    [Fact]
    public void Gateway_is_read_and_the_process_lives_while_its_input_is_open()
    {
        // Port 12345 and the secret 'sesame', moved into place whole; then it waits for the end of its input.
        SparkHome home = Home(
            $"""
            echo "$@" > {_folder["arguments"]}
            printf '\000\000\060\071\000\000\000\006sesame' > "$_PYSPARK_DRIVER_CONN_INFO_PATH.part"
            mv "$_PYSPARK_DRIVER_CONN_INFO_PATH.part" "$_PYSPARK_DRIVER_CONN_INFO_PATH"
            cat > /dev/null
            echo ended > {_folder["ended"]}
            """);
        (SparkProcess process, GatewayAddress gateway) = SparkProcess.Start(home, "local[2]", Settings(), null);
        using (process)
        {
            Assert.Equal(new GatewayAddress(12345, "sesame"), gateway);
            Assert.False(File.Exists(_folder["ended"]));
        }

        Assert.True(File.Exists(_folder["ended"]));
        Assert.Equal(
            "--master local[2] --conf spark.a=1 2 --conf spark.b='$x' pyspark-shell",
            File.ReadAllText(_folder["arguments"]).Trim());
    }

    [Fact]
    public void Log_lines_are_passed_on()
    {
        List<string> lines = [];
        SparkHome home = Home("echo one; echo two >&2; exit 1");
        Assert.Throws<OneRecException>(() => SparkProcess.Start(home, "local[1]", Settings(), line =>
        {
            lock (lines)
            {
                lines.Add(line);
            }
        }));
        Assert.Equal(["one", "two"], lines.Order());
    }

    private static Dictionary<string, string> Settings() => new() { ["spark.b"] = "'$x'", ["spark.a"] = "1 2" };

    private SparkHome Home(string launcher) => SparkHome.Find(
        null,
        FakeSpark.Environment(
            FakeSpark.Home(_folder, "3.5.3", launcher),
            FakeSpark.Java(_folder, "openjdk version \"17.0.15\"")));
}
