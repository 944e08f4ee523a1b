using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OneRec.Pipeline.Running;

/// <summary>
/// Traces and metrics of runs, in .NET's own terms: a span per run with one per step, and measures by step. Who listens is
/// decided elsewhere; nobody does by default, and then they cost nothing.
/// </summary>
/// <remarks>Names as in the semantic conventions of OpenTelemetry: dotted, units by UCUM.</remarks>
public static class Telemetry
{
    /// <summary>The name of source and meter.</summary>
    public const string Name = "OneRec";

    private static readonly ActivitySource Source = new(Name, CodeVersion.Text);
    private static readonly Meter Measures = new(Name, CodeVersion.Text);

    private static readonly Histogram<double> Seconds = Measures.CreateHistogram<double>("onerec.step.duration", "s", "Wall time of a step.");
    private static readonly Counter<long> Rows = Measures.CreateCounter<long>("onerec.step.rows", "{row}", "Rows written to the main table.");
    private static readonly Counter<long> Read = Measures.CreateCounter<long>("onerec.step.read", "By", "Bytes read.");
    private static readonly Counter<long> Written = Measures.CreateCounter<long>("onerec.step.written", "By", "Bytes of data files committed.");
    private static readonly Counter<long> Failures = Measures.CreateCounter<long>("onerec.step.failures", "{failure}", "Steps that failed.");

    /// <summary>A run starts; disposing the span ends it.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="engine">The engine's name.</param>
    /// <param name="parent">The span of who started the run; the default value: there is none.</param>
    internal static Activity? Run(string runId, string engine, ActivityContext parent) => Source.StartActivity("run", ActivityKind.Internal, parent)?
        .SetTag("onerec.run.id", runId)
        .SetTag("onerec.engine", engine);

    /// <summary>A step starts; disposing the span ends it.</summary>
    internal static Activity? Step(string step) => Source.StartActivity(step)?.SetTag("onerec.step", step);

    /// <summary>A step finished.</summary>
    internal static void Finished(Activity? span, StepSummary summary)
    {
        string outcome = summary.LeftOut is not null ? "left out" : summary.UpToDate ? "up to date" : "done";
        var step = new KeyValuePair<string, object?>("onerec.step", summary.Step);
        Seconds.Record(summary.Seconds, step, new("onerec.outcome", outcome));
        Rows.Add(summary.Rows, step);
        Written.Add(summary.Bytes.Written, step);
        if (summary.Bytes.Read is { } read)
        {
            Read.Add(read, step);
        }

        span?.SetTag("onerec.outcome", outcome)
            .SetTag("onerec.rows", summary.Rows)
            .SetTag("onerec.read", summary.Bytes.Read)
            .SetTag("onerec.written", summary.Bytes.Written)
            .SetTag("onerec.peak_memory", summary.PeakBytes);
        foreach (TableVersion table in summary.Tables)
        {
            span?.SetTag($"onerec.table.{table.Table}", table.Version);
        }
    }

    /// <summary>A step failed.</summary>
    internal static void Failed(Activity? span, string step, FailureNote note)
    {
        Failures.Add(1, new KeyValuePair<string, object?>("onerec.step", step), new("error.type", note.Code));
        span?.SetStatus(ActivityStatusCode.Error, note.Message).SetTag("error.type", note.Code);
        span?.Parent?.SetStatus(ActivityStatusCode.Error, $"{step}: {note.Message}");
    }
}
