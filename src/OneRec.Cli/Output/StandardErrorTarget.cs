using NLog;
using NLog.Targets;

namespace OneRec.Cli.Output;

/// <summary>The NLog target <c>StandardError</c>: log lines share standard error with bars and errors.</summary>
[Target("StandardError")]
internal sealed class StandardErrorTarget : TargetWithLayout
{
    /// <summary>Where lines go; set once at start.</summary>
    public static ErrorLines? Lines { get; set; }

    /// <inheritdoc/>
    protected override void Write(LogEventInfo logEvent) => Lines?.WriteLine(RenderLogEvent(Layout, logEvent));
}
