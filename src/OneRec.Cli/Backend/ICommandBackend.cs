using OneRec.Cli.Output;
using OneRec.Core;
using OneRec.Export;
using OneRec.Pipeline.Compare;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Queries.Diff;
using OneRec.Pipeline.Queries.Verify;
using OneRec.Pipeline.Running;
using OneRec.Sampling;

namespace OneRec.Cli.Backend;

/// <summary>The work behind the commands: a command parses its arguments, calls one of these methods and prints the result.</summary>
internal interface ICommandBackend
{
    /// <summary>The steps of the program.</summary>
    StepCatalogue Steps { get; }

    /// <summary>The version that <c>--version</c> shows.</summary>
    string Version { get; }

    /// <summary>Runs steps in order and skips those that are up to date.</summary>
    RunSummary Run(Session session, IReadOnlyList<string> chosen, IRunObserver observer);

    /// <summary>What a run of the whole job would do, by step; nothing is done.</summary>
    RowSet Forecast(Session session);

    /// <summary>The newest runs and what came of them.</summary>
    /// <param name="session">The options.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="failed">Whether only those that are not done.</param>
    RowSet Runs(Session session, int limit, bool failed);

    /// <summary>The steps of a run.</summary>
    RowSet RunSteps(Session session, string runId);

    /// <summary>The semantic IDs of items, in the order given.</summary>
    RowSet LookupItems(Session session, IReadOnlyList<string> items);

    /// <summary>The items with a semantic ID, or with a prefix of one.</summary>
    RowSet LookupPrefix(Session session, string sid, int limit);

    /// <summary>Where the IDs of items come from, in the order given.</summary>
    IReadOnlyList<Lineage> Describe(Session session, IReadOnlyList<string> items);

    /// <summary>Items in full, in the order given.</summary>
    /// <param name="session">The options.</param>
    /// <param name="items">Item ids.</param>
    /// <param name="most">Neighbours of each kind.</param>
    IReadOnlyList<Lineage> Explain(Session session, IReadOnlyList<string> items, int most);

    /// <summary>What lies in a prefix.</summary>
    /// <param name="session">The options.</param>
    /// <param name="prefix">The prefix; null for the first level.</param>
    /// <param name="most">Children, siblings, words and examples shown.</param>
    Lineage Prefix(Session session, string? prefix, int most);

    /// <summary>What changed between two versions of the IDs.</summary>
    Lineage Diff(Session session, DiffRequest request);

    /// <summary>The items whose ID changed between two versions of the IDs, by item id.</summary>
    RowSet DiffItems(Session session, DiffRequest request);

    /// <summary>Judges sets of IDs and embeddings.</summary>
    Comparison Compare(Session session, CompareRequest request, IRunObserver observer);

    /// <summary>The rows of a SELECT written by the user.</summary>
    RowSet Sql(Session session, string select);

    /// <summary>Opens the tables for one SELECT after another.</summary>
    ISqlTables OpenSql(Session session);

    /// <summary>Checks the inputs and estimates a run, without running it.</summary>
    IReadOnlyList<CheckFact> Check(Session session);

    /// <summary>Verifies the tables: files, bytes, and that rows belong together.</summary>
    /// <param name="session">The options.</param>
    /// <param name="all">Whether all codes are computed again.</param>
    /// <param name="observer">Gets progress.</param>
    IReadOnlyList<VerifiedFact> Verify(Session session, bool all, IRunObserver observer);

    /// <summary>Writes the IDs of a codebook as files; returns what was written.</summary>
    IReadOnlyList<Fact> Export(Session session, ExportRequest request, IRunObserver observer);

    /// <summary>Writes a first configuration for files; returns the role detected for each.</summary>
    /// <param name="paths">Full paths of files, folders or patterns.</param>
    /// <param name="file">Full path of the configuration to write.</param>
    IReadOnlyList<Fact> Init(IReadOnlyList<string> paths, string file);

    /// <summary>Runs one item through a model folder; returns what was observed.</summary>
    /// <param name="session">Its options name the device.</param>
    /// <param name="folder">Full path of the model folder.</param>
    /// <param name="manifest">Full path of a manifest outside the folder; null: the one in the folder.</param>
    /// <param name="text">The text to try.</param>
    /// <param name="image">Full path of the image to try; null: a generated one.</param>
    IReadOnlyList<Fact> CheckModel(Session session, string folder, string? manifest, string text, string? image);

    /// <summary>Writes a generated catalogue and log; returns what was written.</summary>
    /// <param name="folder">Full path of the folder to write.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="observer">Gets progress, in rows written.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    IReadOnlyList<Fact> Sample(string folder, SampleOptions options, IRunObserver observer, CancellationToken cancellation);
}

/// <summary>What a command works with.</summary>
/// <param name="Engine"><c>local</c> or <c>spark</c>.</param>
/// <param name="Options">Valid options.</param>
/// <param name="Clock">Time.</param>
/// <param name="Cancellation">Ctrl-C.</param>
internal sealed record Session(string Engine, OneRecOptions Options, TimeProvider Clock, CancellationToken Cancellation);
