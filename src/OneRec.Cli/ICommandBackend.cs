using OneRec.Cli.Output;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries;
using OneRec.Pipeline.Running;
using OneRec.Sampling;

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
    IReadOnlyList<CheckFact> Check(Session session);

    /// <summary>Writes a configuration from a look at files; tells what it took them for.</summary>
    /// <param name="paths">Full paths of files, folders or patterns.</param>
    /// <param name="file">Full path of the configuration to write.</param>
    IReadOnlyList<Fact> Init(IReadOnlyList<string> paths, string file);

    /// <summary>Runs one item through a model folder; tells what was seen.</summary>
    /// <param name="session">Its options say the device.</param>
    /// <param name="folder">Full path of the model folder.</param>
    /// <param name="manifest">Full path of a manifest elsewhere; null: the one in the folder.</param>
    /// <param name="text">The text to try.</param>
    /// <param name="image">Full path of the image to try; null: a made one.</param>
    IReadOnlyList<Fact> CheckModel(Session session, string folder, string? manifest, string text, string? image);

    /// <summary>Writes a generated catalogue and log; tells what it wrote.</summary>
    /// <param name="folder">Full path of the folder to write.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="observer">Told of rows written.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    IReadOnlyList<Fact> Sample(string folder, SampleOptions options, IRunObserver observer, CancellationToken cancellation);
}

/// <summary>What a command works on.</summary>
/// <param name="Engine"><c>local</c> or <c>spark</c>.</param>
/// <param name="Options">Valid options.</param>
/// <param name="Clock">Time.</param>
/// <param name="Cancellation">Ctrl-C.</param>
internal sealed record Session(string Engine, OneRecOptions Options, TimeProvider Clock, CancellationToken Cancellation);
