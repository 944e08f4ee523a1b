using System.Diagnostics;
using System.Net;
using System.Text;

namespace OneRec.Cli.Tests.Job;

/// <summary>What an OpenTelemetry receiver gets of a run (OTLP 1.x over HTTP), and runs whose receiver is gone or hangs.</summary>
public sealed class TelemetryTests(SampleJob sample) : IClassFixture<SampleJob>, IDisposable
{
    private const string TraceId = "0af7651916cd43dd8448eb211c80319c";

    private readonly HttpListener _receiver = new();
    private readonly Dictionary<string, List<byte[]>> _received = [];
    private readonly List<string?> _tokens = [];

    public void Dispose() => _receiver.Close();

    [Fact]
    public void Receiver_gets_a_span_per_step_under_the_orchestrators_and_metrics_by_step()
    {
        string receiver = Listen(answers: true);
        var environment = new Dictionary<string, string?>
        {
            ["OTEL_EXPORTER_OTLP_HEADERS"] = "authorization=secret-token",
            ["TRACEPARENT"] = $"00-{TraceId}-b7ad6b7169203331-01",
        };
        (int exit, _, string error) = OneRecCommand.RunWith(environment, sample.Run(sample.NewTables(), "run.id=night-1", $"telemetry.otlp={receiver}"));
        Assert.True(exit == 0, error);
        Assert.DoesNotContain("secret-token", error, StringComparison.Ordinal);
        Assert.All(_tokens, token => Assert.Equal("secret-token", token));

        // opentelemetry/proto/trace/v1/trace.proto: ExportTraceServiceRequest 1 > ResourceSpans 2 > ScopeSpans 2 > Span.
        byte[][] spans = [.. _received["/v1/traces"].SelectMany(body => Protobuf.At(body, 1, 2, 2))];
        Assert.All(spans, span => Assert.Equal(TraceId, Convert.ToHexStringLower(Protobuf.At(span, 1).Single())));
        Dictionary<string, byte[]> byName = spans.ToDictionary(s => Encoding.UTF8.GetString(Protobuf.At(s, 5).Single()));
        Assert.Equal(
            ["align", "assign", "embed", "evaluate", "ingest", "pairs", "publish", "report", "run", "swing", "train"], byName.Keys.Order(StringComparer.Ordinal));
        byte[] run = Protobuf.At(byName["run"], 2).Single();
        Assert.Equal("b7ad6b7169203331", Convert.ToHexStringLower(Protobuf.At(byName["run"], 4).Single()));
        Assert.Equal(run, Protobuf.At(byName["swing"], 4).Single());
        Assert.Contains("night-1", Encoding.UTF8.GetString(byName["run"]), StringComparison.Ordinal);

        // metrics.proto: ExportMetricsServiceRequest 1 > ResourceMetrics 2 > ScopeMetrics 2 > Metric.
        string[] metrics = [.. _received["/v1/metrics"].SelectMany(body => Protobuf.At(body, 1, 2, 2)).Select(m => Encoding.UTF8.GetString(Protobuf.At(m, 1).Single())).Distinct()];
        Assert.Superset(new HashSet<string> { "onerec.step.duration", "onerec.step.rows", "onerec.step.read", "onerec.step.written" }, metrics.ToHashSet());
    }

    [Fact]
    public void Failed_step_is_a_span_with_its_error()
    {
        string receiver = Listen(answers: true);
        Assert.Equal(3, OneRecCommand.Run(sample.Run(sample.NewTables(), $"telemetry.otlp={receiver}", "input.items=no.csv")).Exit);
        byte[] ingest = _received["/v1/traces"].SelectMany(body => Protobuf.At(body, 1, 2, 2)).Single(s => Encoding.UTF8.GetString(Protobuf.At(s, 5).Single()) == "ingest");

        // Status 15 has a message 2 and a code 3, of which 2 is ERROR.
        byte[] status = Protobuf.At(ingest, 15).Single();
        Assert.Contains("there is no file or folder", Encoding.UTF8.GetString(Protobuf.At(status, 2).Single()), StringComparison.Ordinal);
        Assert.Equal([2], status[^1..]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Receiver_that_hangs_or_is_gone_costs_seconds_and_a_line(bool hangs)
    {
        string receiver = hangs ? Listen(answers: false) : "http://127.0.0.1:9";
        var watch = Stopwatch.StartNew();
        (int exit, _, string error) = OneRecCommand.Run(sample.Run(sample.NewTables(), $"telemetry.otlp={receiver}"));
        Assert.True(exit == 0, error);
        Assert.Contains("did not take traces and metrics; the run is not affected", error, StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(90), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData("localhost:4318", "must be an http or https URL")]
    [InlineData("file:///etc/passwd", "must be an http or https URL")]
    [InlineData("http://user:word@localhost:4318", "telemetry.otlp")]
    public void Address_that_is_none_or_holds_a_secret_is_refused(string address, string line)
    {
        (int exit, _, string error) = OneRecCommand.Run(sample.Run(sample.NewTables(), $"telemetry.otlp={address}"));
        Assert.Equal(2, exit);
        Assert.Contains(line, error, StringComparison.Ordinal);
        Assert.DoesNotContain("word@", error, StringComparison.Ordinal);
    }

    private string Listen(bool answers)
    {
        for (int port = 20_000 + (Environment.ProcessId % 20_000); ; port++)
        {
            try
            {
                _receiver.Prefixes.Clear();
                _receiver.Prefixes.Add($"http://127.0.0.1:{port}/");
                _receiver.Start();
                new Thread(() => Receive(answers)) { IsBackground = true }.Start();
                return $"http://127.0.0.1:{port}";
            }
            catch (HttpListenerException)
            {
                // Taken.
            }
        }
    }

    private void Receive(bool answers)
    {
        try
        {
            while (true)
            {
                HttpListenerContext call = _receiver.GetContext();
                if (!answers)
                {
                    continue;
                }

                using var body = new MemoryStream();
                call.Request.InputStream.CopyTo(body);
                lock (_received)
                {
                    string path = call.Request.Url!.AbsolutePath;
                    _received.TryAdd(path, []);
                    _received[path].Add(body.ToArray());
                    _tokens.Add(call.Request.Headers["authorization"]);
                }

                call.Response.ContentType = "application/x-protobuf";
                call.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Closed at the end of the test.
        }
    }

    /// <summary>Reads the length-delimited fields of a protobuf message (protobuf.dev/programming-guides/encoding).</summary>
    private static class Protobuf
    {
        /// <summary>The fields at a path of field numbers.</summary>
        public static IEnumerable<byte[]> At(byte[] message, params int[] path) => path.Length == 0
            ? [message]
            : Fields(message).Where(f => f.Number == path[0]).SelectMany(f => At(f.Bytes, path[1..]));

        private static IEnumerable<(int Number, byte[] Bytes)> Fields(byte[] message)
        {
            for (int at = 0; at < message.Length;)
            {
                ulong key = Varint(message, ref at);
                switch (key & 7)
                {
                    case 0:
                        Varint(message, ref at);
                        break;
                    case 1:
                        at += 8;
                        break;
                    case 2:
                        int length = (int)Varint(message, ref at);
                        yield return ((int)(key >> 3), message[at..(at + length)]);
                        at += length;
                        break;
                    case 5:
                        at += 4;
                        break;
                    default:
                        throw new InvalidDataException($"wire type {key & 7}");
                }
            }
        }

        private static ulong Varint(byte[] bytes, ref int at)
        {
            ulong value = 0;
            for (int shift = 0; ; shift += 7)
            {
                byte next = bytes[at++];
                value |= (ulong)(next & 127) << shift;
                if (next < 128)
                {
                    return value;
                }
            }
        }
    }
}
