using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Similarity;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Inputs;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Swing;

/// <summary>Makes table <c>item_similarity</c> of the log by Swing (<see cref="SwingKernel"/>).</summary>
public sealed class SwingStep : IInputStep
{
    private const long LocalMaxUserPairs = 2_000_000_000;
    private const long SparkMaxUserPairs = 1_000_000_000_000;
    private const string Table = "item_similarity";

    /// <inheritdoc/>
    public string Name => "swing";

    /// <inheritdoc/>
    public StepPlan Plan(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        SwingOptions options = context.Options.Swing;
        return new StepPlan(Table, 1)
        {
            Inputs = { ["interactions"] = InteractionLog.Version(context.Options.Input) },
            Parameters = new JsonObject
            {
                ["log"] = InteractionLog.Parameters(context.Options.Input, needsTime: false),
                ["alpha1"] = options.Alpha1,
                ["alpha2"] = options.Alpha2,
                ["beta"] = options.Beta,
                ["topK"] = options.TopK,
                ["minUserItems"] = options.MinUserItems,
                ["maxUserItems"] = options.MaxUserItems,
                ["maxItemUsers"] = options.MaxItemUsers,
                ["minCommonUsers"] = options.MinCommonUsers,
                ["normalize"] = options.Normalize.ToString(),
                ["seed"] = options.MaxItemUsers is null ? null : context.Options.Seed,
            },
        };
    }

    /// <inheritdoc/>
    public void RequireInputs(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        InteractionLog.Require(context.Options.Input, needsTime: false);
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepContext context, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        SwingOptions options = context.Options.Swing;
        IEngine engine = context.Engine;
        using InteractionLog log = InteractionLog.Open(context, needsTime: false);
        using IKeptRelation edges = Edges(context, log);
        IArrowType id = edges.Schema.GetFieldByName("item_id").DataType;
        ItemIdType.Require(context, id, log.Source);
        IReadOnlyList<Fact> quarantined = Quarantine.Write(context, this, plan, log.BadRows);
        List<object?[]> users = Read(engine, "user_counts.sql", edges);
        SwingWork work = Guard(context, edges, users.Sum(row => (long)row[1]!));
        IRelation weights = engine.FromRows(
            SwingWeights.Schema, [SwingWeights.Of(users.Select(row => (long)row[0]!), options)]);
        TableDefinition table = OneRecTables.ItemSimilarity(id);
        IRelation rows = engine.Map(
            engine.Sql(SqlScript.Load("swing_rows.sql"), ("edges", edges)),
            new KernelCall(SwingBatchKernel.Name, Parameters(options).ToJson(), table.Schema),
            PartitionShape.ByKey("part", "user_id", "item_id"),
            ("weights", weights));
        TableVersion version = context.Write(
            rows, new TableWrite(table, new WriteMode.Overwrite(), context.Note(this, plan)), out long count);
        return new StepOutcome(
            count,
            [version],
            [
                new Fact("users", Number(work.Users)),
                new Fact("items", Number(work.Items)),
                new Fact("interactions", Number(work.Edges)),
                new Fact("user pairs", Number(work.UserPairs())),
                .. quarantined,
            ])
        {
            Types = new Dictionary<string, string> { ["interactions"] = log.Types },
        };
    }

    private static IKeptRelation Edges(StepContext context, InteractionLog log)
    {
        SwingOptions options = context.Options.Swing;
        IEngine engine = context.Engine;
        IRelation edges = engine.Sql(
            SqlScript.Load("edges.sql")
                .With("min_user_items", options.MinUserItems)
                .With("max_user_items", options.MaxUserItems ?? long.MaxValue),
            ("clicks", log.Clicks));
        if (options.MaxItemUsers is { } cap)
        {
            edges = engine.Sql(
                SqlScript.Load("capped_edges.sql").With("seed", context.Options.Seed).With("max_item_users", cap),
                ("edges", edges));
        }

        IKeptRelation kept = engine.Keep(edges);
        if (kept.Rows > 0)
        {
            return kept;
        }

        kept.Dispose();
        throw OneRecException.Input(
            "swing.empty",
            $"swing: no user of {log.Source} has {options.MinUserItems} to {options.MaxUserItems?.ToString() ?? "any number of"} "
                + "items; change swing.minUserItems or swing.maxUserItems");
    }

    /// <summary>Tells the work before it begins, and stops where it is above the limit.</summary>
    private static SwingWork Guard(StepContext context, IKeptRelation edges, long users)
    {
        SwingOptions options = context.Options.Swing;
        var work = new SwingWork(
            [.. Read(context.Engine, "item_degrees.sql", edges).Select(row => ((long)row[0]!, (long)row[1]!))],
            [.. Read(context.Engine, "largest_items.sql", edges).Select(row => ((string)row[0]!, (long)row[1]!))],
            users);
        foreach (string line in work.Lines(context.Options.Threads ?? MachineResources.Cores))
        {
            context.Observer.Told("swing", line);
        }

        long limit = options.MaxUserPairs ?? (context.Engine.Name == "spark" ? SparkMaxUserPairs : LocalMaxUserPairs);
        long pairs = work.UserPairs();
        if (pairs <= limit)
        {
            return work;
        }

        string cure = work.CapThatFits(limit) is { } cap
            ? $"swing.maxItemUsers={cap} would fit ({Number(work.UserPairs(cap))})"
            : "no swing.maxItemUsers would fit, lower swing.maxUserItems";
        throw OneRecException.Configuration(
            "swing.work",
            $"swing: {Number(pairs)} user pairs are above swing.maxUserPairs ({Number(limit)}); {cure}, or raise swing.maxUserPairs");
    }

    private static SwingParameters Parameters(SwingOptions options) => new()
    {
        Alpha2 = options.Alpha2,
        TopK = options.TopK,
        MinCommonUsers = options.MinCommonUsers,
        NormalizeByBest = options.Normalize == SwingNormalization.Max,
    };

    private static List<object?[]> Read(IEngine engine, string file, IRelation edges) =>
        Rows.Read(engine.Collect(engine.Sql(SqlScript.Load(file), ("edges", edges))));

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
