using OneRec.Inputs.Log;
using OneRec.Inputs.Options;

namespace OneRec.Pipeline.Running;

/// <summary>The user's files of one run, opened when a step first asks and shared by the steps after it.</summary>
public sealed class RunInputs(IQueryEngine engine, InputOptions input) : IDisposable
{
    private readonly Dictionary<bool, InteractionLog> _logs = [];

    /// <summary>The log's positive interactions.</summary>
    /// <param name="needsTime">Whether the step reads times.</param>
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
