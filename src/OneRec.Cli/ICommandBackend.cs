using OneRec.Cli.Output;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;

namespace OneRec.Cli;

/// <summary>What the commands call. The command line parses, calls one of these, and prints.</summary>
internal interface ICommandBackend
{
    /// <summary>The steps of <c>run</c> in order.</summary>
    IReadOnlyList<string> Steps { get; }

    /// <summary>The version that <c>--version</c> shows.</summary>
    string Version { get; }

    /// <summary>Runs steps in order; skips what is up to date.</summary>
    RunSummary Run(Session session, IReadOnlyList<string> steps, IRunObserver observer);

    /// <summary>The semantic IDs of items, in the order asked.</summary>
    RowSet LookupItems(Session session, IReadOnlyList<string> items);

    /// <summary>The items under a semantic ID or a prefix of one.</summary>
    RowSet LookupPrefix(Session session, string sid, int limit);

    /// <summary>The rows of the user's own SELECT.</summary>
    RowSet Sql(Session session, string select);

    /// <summary>What a look at the inputs shows, without a run.</summary>
    IReadOnlyList<Fact> Check(Session session);

    /// <summary>Writes a generated catalogue and log; tells what it wrote.</summary>
    IReadOnlyList<Fact> Sample(SampleRequest request, IRunObserver observer, CancellationToken cancellation);
}

/// <summary>What a command works on.</summary>
/// <param name="Engine"><c>local</c> or <c>spark</c>.</param>
/// <param name="Options">Valid options.</param>
/// <param name="Clock">Time.</param>
/// <param name="Cancellation">Ctrl-C.</param>
internal sealed record Session(string Engine, OneRecOptions Options, TimeProvider Clock, CancellationToken Cancellation);

/// <summary>What <c>sample</c> is asked for.</summary>
/// <param name="Folder">Full path of the folder to write.</param>
/// <param name="Items">Items of the catalogue.</param>
/// <param name="Users">Users of the log.</param>
/// <param name="Interactions">Rows of the log.</param>
/// <param name="TokenCount">Token vectors an item.</param>
/// <param name="TokenDim">Their dimensions.</param>
/// <param name="Seed">Equal seeds give equal files.</param>
internal sealed record SampleRequest(
    string Folder,
    int Items,
    int Users,
    long Interactions,
    int TokenCount,
    int TokenDim,
    long Seed);
