namespace OneRec.Core.Tests;

/// <summary>One refusal of the system, whichever library met it.</summary>
public sealed class SystemFailureTests
{
    [Theory]
    [InlineData("class parquet::ParquetStatusException (message: 'IOError: Error writing bytes to file. Detail: [errno 28] No space left on device')", "io.disk-full")]
    [InlineData("N7parquet22ParquetStatusExceptionE: IOError: Failed to close. Detail: [errno 122] Disk quota exceeded", "io.disk-full")]
    [InlineData("IO Error: Could not write file \"/t/spill/duckdb_temp\": No space left on device", "io.disk-full")]
    [InlineData("IOError: Error writing bytes to file. Detail: [errno 27] File too large", "io.file-size")]
    [InlineData("IOError: Failed to open local file '/t/a'. Detail: [errno 30] Read-only file system", "io.read-only")]
    [InlineData("IOError: Failed to open local file '/t/a'. Detail: [errno 13] Permission denied", "io.denied")]
    [InlineData("IO Error: Cannot open file \"/t/a.parquet\": Too many open files", "io.open-files")]
    [InlineData("IOError: Error reading bytes from file. Detail: [errno 5] Input/output error", "io.device")]
    [InlineData("IOError: ZSTD compression failed: Allocation error : not enough memory", "io.memory")]
    public void Text_of_a_native_library_tells_the_refusal(string message, string code)
    {
        Assert.Equal(code, SystemFailure.Of(new InvalidOperationException(message))!.Code);
        Assert.Equal(code, SystemFailure.Of(new InvalidOperationException("outer", new FormatException(message)))!.Code);
    }

    [Theory]
    [InlineData(28, "io.disk-full")]
    [InlineData(122, "io.disk-full")]
    [InlineData(27, "io.file-size")]
    [InlineData(24, "io.open-files")]
    [InlineData(30, "io.read-only")]
    [InlineData(5, "io.device")]
    public void Error_number_of_the_runtime_tells_it_too(int number, string code) =>
        Assert.Equal(code, SystemFailure.Of(new IOException("text of any kind", number))!.Code);

    [Fact]
    public void Native_library_that_cannot_be_loaded_is_told_with_its_cause()
    {
        SystemFailure memory = SystemFailure.Of(new DllNotFoundException(
            "Unable to load shared library 'duckdb'. libduckdb.so: failed to map segment from shared object"))!;
        Assert.Equal(("io.native-library", "there is no memory to load a native library", ErrorKind.Engine), (memory.Code, memory.What, memory.Kind));
        Assert.Contains("ulimit -v", memory.Cure, StringComparison.Ordinal);
        SystemFailure missing = SystemFailure.Of(new TypeInitializationException(
            "X", new DllNotFoundException("libduckdb.so: cannot open shared object file: No such file or directory")))!;
        Assert.Equal(("io.native-library", "a native library cannot be loaded"), (missing.Code, missing.What));
        Assert.Equal("io.memory", SystemFailure.Of(new InsufficientMemoryException())!.Code);
    }

    [Fact]
    public void Bugs_stay_bugs()
    {
        Assert.Null(SystemFailure.Of(new InvalidOperationException("the rows of part 28 do not come together")));
        Assert.Null(SystemFailure.Of(new FileNotFoundException("/t/a")));
        Assert.Null(SystemFailure.Of(new IOException("no space left")));
    }

    [Fact]
    public void Line_names_the_place_the_cause_and_the_cure()
    {
        Assert.Equal(
            "/t: cannot write the table (No space left on device : '/t/a'); free some space and run the command again",
            SystemFailure.Line("/t: cannot write the table", new IOException("No space left on device : '/t/a'", 28)));
        Assert.Equal(
            "/t: cannot write a data file (the disk is full); free some space and run the command again",
            SystemFailure.Line("/t: cannot write a data file", new FormatException("N7parquet22E [errno 28] No space left on device")));
        Assert.Equal("/t: cannot write (odd)", SystemFailure.Line("/t: cannot write", new FormatException("odd")));
        var e = SystemFailure.Of(new InsufficientMemoryException())!.At("/t: cannot read a", new InsufficientMemoryException());
        Assert.Equal(
            "/t: cannot read a: the system gives no more memory; raise the limit (ulimit -v), lower memoryLimit or threads, and run the command again",
            e.Message);
    }
}
