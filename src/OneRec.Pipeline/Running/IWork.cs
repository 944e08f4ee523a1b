using OneRec.Pipeline.Configuration;

namespace OneRec.Pipeline.Running;

/// <summary>What computing over the log needs: relations, options, and a place for lines. A step's run, or a query.</summary>
public interface IWork
{
    /// <summary>Name of the step or command, for messages.</summary>
    string Step { get; }

    /// <summary>Creates relations.</summary>
    IQueryEngine Engine { get; }

    /// <summary>All options, validated.</summary>
    OneRecOptions Options { get; }

    /// <summary>Ctrl-C.</summary>
    CancellationToken Cancellation { get; }

    /// <summary>Reports a line to the user.</summary>
    void Report(string line);
}
