using OneRec.Inputs.Files;
using OneRec.Inputs.Log;
using OneRec.Inputs.Options;

namespace OneRec.Pipeline.Running;

/// <summary>The user's files of one run, opened when a step first asks and shared by the steps after it.</summary>
public sealed class RunInputs(IQueryEngine engine, InputOptions input, CancellationToken cancellation) : IDisposable
{
    private InteractionLog? _log;

    /// <summary>What is worth telling about the log, once it is open.</summary>
    public IReadOnlyList<string> LogNotices => Log.Notices;

    /// <summary>The log's files, once it is open.</summary>
    public InputFiles LogFiles => Log.Origin.Files;

    private InteractionLog Log => _log ??= InteractionLog.Open(engine, input, cancellation);

    /// <summary>The log's positive interactions.</summary>
    /// <param name="needsTime">Whether the step reads times: rows whose time does not parse are then bad rows.</param>
    public LogClicks Clicks(bool needsTime) => needsTime ? Log.TimedClicks : Log.Clicks;

    /// <summary>Number of rows of the log, whether or not <c>input.where</c> selects them.</summary>
    public long CountLog() => Log.CountSource();

    /// <inheritdoc/>
    public void Dispose() => _log?.Dispose();
}
