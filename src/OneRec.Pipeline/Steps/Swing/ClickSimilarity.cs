using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Similarity;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>Swing over a set of clicks: its edges, the amount of work, and the resulting similar items.</summary>
internal sealed class ClickSimilarity : IDisposable
{
    /// <summary>Hex digits of a user's hash that decide under a cap: as many as fit in a BIGINT.</summary>
    private const int PlaceDigits = 15;

    private readonly IWork _run;
    private readonly SwingOptions _options;
    private readonly IMaterializedRelation _edges;
    private readonly List<object?[]> _users;
    private SwingSpread? _spread;

    private ClickSimilarity(IWork run, IMaterializedRelation edges)
    {
        _run = run;
        _options = run.Options.Section<SwingOptions>();
        _edges = edges;
        _users = Read("user_counts.sql");
        ItemType = edges.Schema.GetFieldByName("item_id").DataType;
    }

    /// <summary>The type of <c>item_id</c>.</summary>
    public IArrowType ItemType { get; }

    /// <summary>The options that change rows, as plan parameters.</summary>
    public static JsonObject Parameters(OneRecOptions options)
    {
        SwingOptions swing = options.Section<SwingOptions>();
        return new JsonObject
        {
            ["alpha1"] = swing.Alpha1,
            ["alpha2"] = swing.Alpha2,
            ["beta"] = swing.Beta,
            ["topK"] = swing.TopK,
            ["minUserItems"] = swing.MinUserItems,
            ["maxUserItems"] = swing.MaxUserItems,
            ["maxItemUsers"] = swing.MaxItemUsers,
            ["minCommonUsers"] = swing.MinCommonUsers,
            ["normalize"] = swing.Normalize.ToString(),
            ["seed"] = swing.MaxItemUsers is null ? null : options.Seed,
        };
    }

    /// <summary>Writes the edges of the clicks to scratch; returns null if no user is within the limits.</summary>
    /// <param name="run">The run: engine and options.</param>
    /// <param name="clicks"><c>user_id</c>, <c>item_id</c>; repeated clicks count once.</param>
    public static ClickSimilarity? Prepare(IWork run, IRelation clicks)
    {
        SwingOptions options = run.Options.Section<SwingOptions>();
        IQueryEngine engine = run.Engine;
        IMaterializedRelation kept;

        // Distinct edges are materialized before they are counted: engines would compute them twice. So are the edges to cap.
        using (IMaterializedRelation distinct = engine.Materialize(engine.Sql(Script("distinct_edges.sql"), ("clicks", clicks))))
        {
            kept = engine.Materialize(engine.Sql(Edges(options, run.Options.Seed), ("distinct_edges", distinct)));
        }

        if (options.MaxItemUsers is { } cap)
        {
            using IMaterializedRelation all = kept;
            kept = engine.Materialize(engine.Sql(Script("capped_edges.sql").With("max_item_users", cap), ("edges", all)));
        }

        if (kept.Rows > 0)
        {
            return new ClickSimilarity(run, kept);
        }

        kept.Dispose();
        return null;
    }

    /// <summary>Counts the work.</summary>
    public SwingWork Work() => new(
        [.. Read("item_degrees.sql").Select(row => ((long)row[0]!, (long)row[1]!))],
        [.. Read("largest_items.sql").Select(row => ((string)row[0]!, (long)row[1]!))],
        _users.Sum(row => (long)row[1]!));

    /// <summary>Number of items with edges that are in the catalogue.</summary>
    /// <param name="items">Table <c>items</c>.</param>
    public long KnownItems(IRelation items) => (long)RowReader.Read(_run.Engine.Collect(_run.Engine.Sql(
        Script("known_items.sql"), ("edges", _edges), ("items", items))))[0][0]!;

    /// <summary>Reports the amount of work before it starts, and checks it against the limit.</summary>
    /// <param name="work">The work as counted by <see cref="Work"/>.</param>
    /// <param name="part">Prefix of the lines: the part of the log; empty for the whole log.</param>
    /// <exception cref="OneRecException">The work exceeds <c>swing.maxUserPairs</c> (exit 2).</exception>
    public void CheckWork(SwingWork work, string part = "")
    {
        foreach (string line in work.Lines(_run.Engine.Scale.AllThreads))
        {
            _run.Report(part + line);
        }

        long limit = _options.MaxUserPairs ?? _run.Engine.Scale.UserPairs;
        long pairs = work.UserPairs();
        if (pairs <= limit)
        {
            _spread = SwingSpread.Create(_run.Engine, _edges, work);
            foreach (string line in _spread.Lines())
            {
                _run.Report(part + line);
            }

            return;
        }

        string remedy = work.CapThatFits(limit) is { } cap
            ? $"set swing.maxItemUsers={cap} ({Number(work.UserPairs(cap))} user pairs)"
            : "lower swing.maxUserItems (no swing.maxItemUsers is low enough)";
        throw OneRecException.Configuration(
            "swing.work",
            $"{_run.Step}: {part}{Number(pairs)} user pairs exceed swing.maxUserPairs ({Number(limit)}); {remedy}, or raise swing.maxUserPairs");
    }

    /// <summary>
    /// The similar items as rows of table <c>item_similarity</c>. Call <see cref="CheckWork"/> first.
    /// </summary>
    /// <exception cref="OneRecException">A weight is 0 or not finite (exit 2).</exception>
    public IRelation Rows()
    {
        IQueryEngine engine = _run.Engine;
        IRelation weights = engine.FromRows(
            SwingWeights.Schema, [SwingWeights.Compute(_users.Select(row => (long)row[0]!), _options)]);
        var kernel = new SwingParameters
        {
            Alpha2 = _options.Alpha2,
            TopK = _options.TopK,
            MinCommonUsers = _options.MinCommonUsers,
            NormalizeByBest = _options.Normalize == SwingNormalization.Max,
        };
        SwingSpread spread = _spread ?? throw new InvalidOperationException("CheckWork was not called");
        return engine.Map(
            spread.Rows,
            new KernelCall(SwingBatchKernel.Name, kernel.ToJson(), OneRecTables.ItemSimilarity(ItemType).Schema),
            spread.Shape,
            ("weights", weights));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _spread?.Dispose();
        _edges.Dispose();
    }

    private static SqlScript Edges(SwingOptions options, long seed)
    {
        SqlScript script = options.MaxItemUsers is null
            ? Script("edges.sql")
            : Script("edges_to_cap.sql")
                .With("user_hash", OrderHash.Of(seed, "cap", "user_id"))
                .With("user_place", OrderHash.Number("user_hash", PlaceDigits));
        return script.With("min_user_items", options.MinUserItems).With("max_user_items", options.MaxUserItems ?? long.MaxValue);
    }

    private static SqlScript Script(string file) => SqlScript.Load(typeof(ClickSimilarity), file);

    private List<object?[]> Read(string file) =>
        RowReader.Read(_run.Engine.Collect(_run.Engine.Sql(Script(file), ("edges", _edges))));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
