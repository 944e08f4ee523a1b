using System.Diagnostics;
using System.Text.Json;

namespace OneRec.Testing;

/// <summary>
/// PySpark with Delta Lake, started once and asked many times: what others' programs make of our tables. Functions are in
/// a Python file of the test; each is called with the Spark session and keyword arguments and returns what JSON can hold.
/// </summary>
/// <remarks>Session: <c>local[2]</c>, UTC, ANSI, microsecond times. One per test class, as a class fixture's lazy value.</remarks>
public sealed class PySparkSession : IDisposable
{
    private static readonly TimeSpan CallLimit = TimeSpan.FromMinutes(3);

    private readonly ScratchFolder _scratch = new();
    private readonly Process _process;
    private readonly Queue<string> _words = new();
    private readonly Lock _gate = new();

    private PySparkSession(string sparkHome, string cases)
    {
        string py4j = Directory.GetFiles(Path.Combine(sparkHome, "python", "lib"), "py4j-*-src.zip").Single();
        var start = new ProcessStartInfo("python3", [Path.Combine(Folder, "serve.py"), cases])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _scratch.Path,
        };
        start.Environment["SPARK_HOME"] = sparkHome;
        start.Environment["PYTHONPATH"] = Path.Combine(sparkHome, "python") + Path.PathSeparator + py4j;
        start.Environment["PYTHONDONTWRITEBYTECODE"] = "1";
        start.Environment["SPARK_LOCAL_IP"] = "127.0.0.1";
        start.Environment["ONEREC_SCRATCH"] = _scratch.Path;
        start.Environment["TZ"] = "UTC";
        _process = Process.Start(start)!;
        _process.ErrorDataReceived += (_, e) => Note(e.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>The scripts that tests share.</summary>
    private static string Folder => Path.Combine(Desk.Root, "tests", "OneRec.Testing", "pyspark");

    /// <summary>Starts a session, or skips the test where Spark, Java or Python is missing.</summary>
    /// <param name="version">Spark's, <c>3.5.3</c> or <c>4.0.5</c>.</param>
    /// <param name="cases">The Python file of functions, relative to the checkout.</param>
    public static PySparkSession StartOrSkip(string version, string cases)
    {
        string home = Desk.SparkHome(version);
        Skip.Unless(Desk.OnPath("python3") is not null, "no PySpark: python3 is not on PATH");
        return new PySparkSession(home, Path.Combine(Desk.Root, cases));
    }

    /// <summary>Calls a function.</summary>
    /// <param name="function">Its name.</param>
    /// <param name="arguments">An object whose properties are its keyword arguments.</param>
    /// <returns>What it returned, by <c>plain</c> of <c>serve.py</c>.</returns>
    /// <exception cref="InvalidOperationException">It raised, or Spark ended; the message carries the trace.</exception>
    /// <exception cref="TimeoutException">No answer within three minutes.</exception>
    public JsonElement Call(string function, object arguments)
    {
        _process.StandardInput.WriteLine(JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["call"] = function,
            ["with"] = arguments,
        }));
        _process.StandardInput.Flush();
        Task<string?> reading = _process.StandardOutput.ReadLineAsync();
        if (!reading.Wait(CallLimit))
        {
            throw new TimeoutException($"PySpark did not answer '{function}' within {CallLimit}: {Words()}");
        }

        string reply = reading.Result ?? throw new InvalidOperationException($"PySpark ended: {Words()}");
        using JsonDocument document = JsonDocument.Parse(reply);
        return document.RootElement.TryGetProperty("ok", out JsonElement result)
            ? result.Clone()
            : throw new InvalidOperationException(document.RootElement.GetProperty("error").GetString());
    }

    /// <summary>Ends Spark.</summary>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(20)))
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
        _scratch.Dispose();
    }

    private void Note(string? line)
    {
        lock (_gate)
        {
            _words.Enqueue(line ?? "");
            if (_words.Count > 60)
            {
                _words.Dequeue();
            }
        }
    }

    private string Words()
    {
        lock (_gate)
        {
            return string.Join('\n', _words);
        }
    }
}
