using System.Diagnostics;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OneRec.Cli;

/// <summary>
/// Sends traces and metrics of a run to an OTLP receiver over HTTP, if <c>telemetry.otlp</c> names one. A receiver that does not
/// answer costs a few seconds at the end and a line; it never fails the run.
/// </summary>
/// <remarks>
/// OpenTelemetry's own variables hold for what is not set here: <c>OTEL_EXPORTER_OTLP_HEADERS</c> for a token,
/// <c>OTEL_RESOURCE_ATTRIBUTES</c>, and <c>TRACEPARENT</c> for the trace of an orchestrator.
/// </remarks>
internal sealed class TelemetryExport : IDisposable
{
    private const int TimeoutMilliseconds = 5_000;

    private readonly TracerProvider _traces;
    private readonly MeterProvider _metrics;
    private readonly Action<string> _tell;
    private readonly Uri _receiver;

    private TelemetryExport(Uri receiver, Action<string> tell)
    {
        (_receiver, _tell) = (receiver, tell);
        ResourceBuilder resource = ResourceBuilder.CreateDefault().AddService("onerec", serviceVersion: CodeVersion.Text).AddEnvironmentVariableDetector();
        _traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource(Telemetry.Name)
            .AddOtlpExporter(options => Set(options, "v1/traces"))
            .Build();
        _metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Telemetry.Name)
            .AddOtlpExporter((options, reader) =>
            {
                Set(options, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportTimeoutMilliseconds = TimeoutMilliseconds;
            })
            .Build();
    }

    /// <summary>The span of the orchestrator (W3C Trace Context); the default value if there is none.</summary>
    public static ActivityContext Parent =>
        ActivityContext.TryParse(Environment.GetEnvironmentVariable("TRACEPARENT"), null, isRemote: true, out ActivityContext parent) ? parent : default;

    /// <summary>Starts to export; null where that is off.</summary>
    /// <param name="options">Section <c>telemetry</c>.</param>
    /// <param name="tell">Shows a line to the user.</param>
    public static TelemetryExport? Start(TelemetrySection options, Action<string> tell) =>
        options.Otlp is { } receiver ? new TelemetryExport(new Uri(receiver.EndsWith('/') ? receiver : receiver + "/"), tell) : null;

    /// <summary>Sends what is left.</summary>
    public void Dispose()
    {
        bool sent = _traces.ForceFlush(TimeoutMilliseconds) & _metrics.ForceFlush(TimeoutMilliseconds);
        if (!sent)
        {
            _tell($"{_receiver} did not take traces and metrics; the run is not affected");
        }

        _traces.Dispose();
        _metrics.Dispose();
    }

    private void Set(OtlpExporterOptions options, string path)
    {
        options.Protocol = OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = new Uri(_receiver, path);
        options.TimeoutMilliseconds = TimeoutMilliseconds;
    }
}
