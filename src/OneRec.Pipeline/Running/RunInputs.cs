using OneRec.Inputs.Log;
using OneRec.Inputs.Options;

namespace OneRec.Pipeline.Running;

/// <summary>The user's input files of one run, opened on first use and shared by all steps.</summary>
public sealed class RunInputs(IQueryEngine engine, InputOptions input) : IDisposable
{
    private readonly Dictionary<bool, InteractionLog> _logs = [];

    /// <summary>The log's positive interactions.</summary>
    /// <param name="needsTime">Whether the step needs times.</param>
    public InteractionLog Log(bool needsTime)
    {
        if (!_logs.TryGetValue(needsTime, out InteractionLog? log))
        {
            log = InteractionLog.Open(engine, input, needsTime);
            _logs.Add(needsTime, log);
        }

        return log;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (InteractionLog log in _logs.Values)
        {
            log.Dispose();
        }
    }
}
