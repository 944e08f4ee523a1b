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

/// <summary>Swing of some clicks: the edges that count, what work they are, and the rows of similar items.</summary>
internal sealed class ClickSimilarity : IDisposable
{
    private readonly StepContext _context;
    private readonly SwingOptions _options;
    private readonly IKeptRelation _edges;
    private readonly List<object?[]> _users;
    private SwingSpread? _spread;

    private ClickSimilarity(StepContext context, IKeptRelation edges)
    {
        _context = context;
        _options = context.Options.Section<SwingOptions>();
        _edges = edges;
        _users = Read("user_counts.sql");
        ItemType = edges.Schema.GetFieldByName("item_id").DataType;
    }

    /// <summary>The type of <c>item_id</c>.</summary>
    public IArrowType ItemType { get; }

    /// <summary>The options that change rows, as parameters of a plan.</summary>
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

    /// <summary>Keeps the edges of clicks in scratch; null where no user is within the bounds.</summary>
    /// <param name="context">Engine and options.</param>
    /// <param name="clicks"><c>user_id</c>, <c>item_id</c>; repeated clicks count once.</param>
    public static ClickSimilarity? Of(StepContext context, IRelation clicks)
    {
        SwingOptions options = context.Options.Section<SwingOptions>();
        IEngine engine = context.Engine;
        IRelation edges = engine.Sql(
            SqlScript.Load(typeof(ClickSimilarity), "edges.sql")
                .With("min_user_items", options.MinUserItems)
                .With("max_user_items", options.MaxUserItems ?? long.MaxValue),
            ("clicks", clicks));
        if (options.MaxItemUsers is { } cap)
        {
            edges = engine.Sql(
                SqlScript.Load(typeof(ClickSimilarity), "capped_edges.sql").With("seed", context.Options.Seed).With("max_item_users", cap),
                ("edges", edges));
        }

        IKeptRelation kept = engine.Keep(edges);
        if (kept.Rows > 0)
        {
            return new ClickSimilarity(context, kept);
        }

        kept.Dispose();
        return null;
    }

    /// <summary>Counts the work.</summary>
    public SwingWork Work() => new(
        [.. Read("item_degrees.sql").Select(row => ((long)row[0]!, (long)row[1]!))],
        [.. Read("largest_items.sql").Select(row => ((string)row[0]!, (long)row[1]!))],
        _users.Sum(row => (long)row[1]!));

    /// <summary>Tells the work before it begins.</summary>
    /// <param name="work">As <see cref="Work"/> counted it.</param>
    /// <param name="step">The step that tells it.</param>
    /// <param name="part">What the lines begin with: which part of the log it is; empty for the whole.</param>
    /// <exception cref="OneRecException">It is above <c>swing.maxUserPairs</c> (exit 2).</exception>
    public void Require(SwingWork work, string step, string part = "")
    {
        foreach (string line in work.Lines(_context.Engine.Scale.AllThreads))
        {
            _context.Observer.Told(step, part + line);
        }

        long limit = _options.MaxUserPairs ?? _context.Engine.Scale.UserPairs;
        long pairs = work.UserPairs();
        if (pairs <= limit)
        {
            _spread = SwingSpread.Of(_context.Engine, _edges, work);
            foreach (string line in _spread.Lines())
            {
                _context.Observer.Told(step, part + line);
            }

            return;
        }

        string cure = work.CapThatFits(limit) is { } cap
            ? $"swing.maxItemUsers={cap} would fit ({Number(work.UserPairs(cap))})"
            : "no swing.maxItemUsers would fit, lower swing.maxUserItems";
        throw OneRecException.Configuration(
            "swing.work",
            $"{step}: {part}{Number(pairs)} user pairs are above swing.maxUserPairs ({Number(limit)}); {cure}, or raise swing.maxUserPairs");
    }

    /// <summary>The similar items, as table <c>item_similarity</c> has them; after <see cref="Require"/>.</summary>
    /// <exception cref="OneRecException">A weight is 0 or beyond doubles (exit 2).</exception>
    public IRelation Rows()
    {
        IEngine engine = _context.Engine;
        IRelation weights = engine.FromRows(
            SwingWeights.Schema, [SwingWeights.Of(_users.Select(row => (long)row[0]!), _options)]);
        var kernel = new SwingParameters
        {
            Alpha2 = _options.Alpha2,
            TopK = _options.TopK,
            MinCommonUsers = _options.MinCommonUsers,
            NormalizeByBest = _options.Normalize == SwingNormalization.Max,
        };
        SwingSpread spread = _spread ?? throw new InvalidOperationException("the work was not told yet");
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

    private List<object?[]> Read(string file) =>
        RowReader.Read(_context.Engine.Collect(_context.Engine.Sql(SqlScript.Load(typeof(ClickSimilarity), file), ("edges", _edges))));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
