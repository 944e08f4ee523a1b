using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Log;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Pairs;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Pairs;

/// <summary>
/// Makes table <c>item_pairs</c>: neighbours by Swing (<c>i2i</c>), and users' clicks with the most similar item clicked
/// before (<c>u2i</c>, <see cref="HistoryPairsKernel"/>).
/// </summary>
public sealed class PairsStep : IInputStep, ISkippable
{
    private const string Table = "item_pairs";
    private const string Similarity = "item_similarity";

    /// <inheritdoc/>
    public string Name => "pairs";

    /// <inheritdoc/>
    public StepPlan Plan(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        PairsOptions options = context.Options.Section<PairsOptions>();
        return new StepPlan(Table, 1)
        {
            Inputs =
            {
                ["interactions"] = InteractionLog.Version(context.Options.Input),
                [Similarity] = context.VersionOf(Similarity),
            },
            Parameters = new JsonObject
            {
                ["log"] = InteractionLog.Parameters(context.Options.Input, needsTime: true),
                ["history"] = options.History,
                ["targetsPerUser"] = options.TargetsPerUser,
                ["i2iTopK"] = options.I2iTopK,
                ["minScore"] = options.MinScore,
            },
        };
    }

    /// <inheritdoc/>
    public string? SkipReason(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return InteractionLog.WhyNone(context.Options.Input);
    }

    /// <inheritdoc/>
    public void RequireInputs(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        InteractionLog.Require(context.Options.Input, needsTime: true);
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepContext context, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        PairsOptions options = context.Options.Section<PairsOptions>();
        IEngine engine = context.Engine;
        TableState state = engine.Tables.State(Similarity) ?? throw OneRecException.Table(
            "table.missing", "pairs: there is no table item_similarity; run swing first");
        IRelation similarity = engine.ReadTable(Similarity, state.Version);
        IArrowType id = state.Schema.GetFieldByName("item_id").DataType;
        using InteractionLog log = InteractionLog.Open(engine, context.Options.Input, context.Cancellation);
        LogClicks clicks = log.TimedClicks;
        RequireIdType(clicks, id);
        IReadOnlyList<Fact> quarantined = Quarantine.Write(context, this, plan, clicks.BadRows);
        using var spread = PairSpread.Of(
            engine,
            engine.Sql(
                SqlScript.Load(typeof(PairsStep), "recent_clicks.sql")
                    .With("targets_per_user", options.TargetsPerUser)
                    .With("history", options.History),
                ("clicks", clicks.Rows)),
            engine.Sql(SqlScript.Load(typeof(PairsStep), "scored_pairs.sql").With("min_score", options.MinScore), (Similarity, similarity)));
        foreach (string line in spread.Lines())
        {
            context.Observer.Told(Name, line);
        }

        using IKeptRelation history = engine.Keep(engine.MapParts(
            spread.Clicks,
            new KernelCall(
                HistoryPairsBatchKernel.Name,
                new HistoryPairsParameters { History = options.History }.ToJson(),
                HistoryPairsBatchKernel.Output(id)),
            spread.Shape,
            ("similarity", spread.Similarity)));
        IRelation pairs = engine.Sql(
            SqlScript.Load(typeof(PairsStep), "item_pairs.sql").With("i2i_top_k", options.I2iTopK).With("min_score", options.MinScore),
            (Similarity, similarity),
            ("history", history));
        TableVersion version = context.Write(
            pairs,
            new TableWrite(OneRecTables.ItemPairs(id), new WriteMode.Overwrite(), context.Note(this, plan)),
            out long count);
        return new StepOutcome(count, [version], [.. Facts(engine, history), .. quarantined])
        {
            Types = new Dictionary<string, string> { ["interactions"] = clicks.Types },
        };
    }

    private static void RequireIdType(LogClicks clicks, IArrowType id)
    {
        IArrowType there = clicks.Rows.Schema.GetFieldByName("item_id").DataType;
        if (there.TypeId != id.TypeId)
        {
            throw OneRecException.Input(
                "input.id-type",
                $"item ids are {ItemIdType.Name(there)} in {clicks.Source}, but {ItemIdType.Name(id)} in table item_similarity; "
                    + "run swing again, or declare the type in input.types");
        }
    }

    private static IEnumerable<Fact> Facts(IEngine engine, IRelation history)
    {
        foreach (object?[] row in RowReader.Read(engine.Collect(
            engine.Sql(SqlScript.Load(typeof(PairsStep), "pair_counts.sql"), ("history", history)))))
        {
            string name = row[0] is string reason ? $"dropped: {reason.Replace('_', ' ')}" : "clicks paired";
            yield return new Fact(name, ((long)row[1]!).ToString("N0", CultureInfo.InvariantCulture));
        }
    }
}
