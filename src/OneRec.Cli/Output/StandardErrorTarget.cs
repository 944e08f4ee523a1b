using NLog;
using NLog.Targets;

namespace OneRec.Cli.Output;

/// <summary>The NLog target <c>StandardError</c>: writes log lines to standard error without disturbing progress bars.</summary>
[Target("StandardError")]
internal sealed class StandardErrorTarget : TargetWithLayout
{
    /// <summary>Standard error; set once at startup.</summary>
    public static ErrorLines? Lines { get; set; }

    /// <inheritdoc/>
    protected override void Write(LogEventInfo logEvent)
    {
        string text = RenderLogEvent(Layout, logEvent);
        if (logEvent.Exception is null)
        {
            Lines?.WriteLine(text);
        }
        else
        {
            Lines?.WriteLines(text);
        }
    }
}
