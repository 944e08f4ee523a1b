using OneRec.Core;
using OneRec.Inputs.Log;
using OneRec.Inputs.Sources;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Evaluate;

namespace OneRec.Pipeline.Compare;

/// <summary>Judges sets of IDs and embeddings of one catalogue by the same measures (docs/method/compare.md).</summary>
public static class CompareQuery
{
    /// <summary>Compares.</summary>
    /// <param name="context">Engine and options.</param>
    /// <param name="request">What to compare.</param>
    /// <param name="learned">Trains what is trained for the comparison.</param>
    /// <param name="observer">Receives lines and progress.</param>
    /// <exception cref="OneRecException">A set is unknown or cannot be read.</exception>
    public static Comparison Run(PlanContext context, CompareRequest request, ILearned learned, IRunObserver observer)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(observer);
        var work = new CompareWork(context, observer);
        using var sources = new RunInputs(context.Engine, context.Options.Input, context.Cancellation);
        var items = ComparedItems.Read(context.Engine);
        IReadOnlyList<SemanticIdSet> ids = new SemanticIdSources(context, work, items, learned).Read(request.Ids.Count > 0 ? request.Ids : DefaultIds(context));
        Holdout? holdout = context.Options.Section<EvaluateOptions>().ParseHoldout();
        LogSplit.RequireTimes(context.Options);
        LogClicks? log = InteractionLog.WhyMissing(context.Options.Input) is null ? sources.Clicks(needsTime: holdout is not null) : null;
        if (log is not null)
        {
            ItemIds.RequireAlike(log.ItemIds, context.Engine.Tables.State("items"));
        }

        HeldOutData? data = log is null || holdout is null
            ? null
            : HeldOutData.Make(work, log, holdout, items, items.Rows.Schema.GetFieldByName("item_id").DataType);
        if (data is null && request.Embeddings.Count > 0)
        {
            throw OneRecException.Configuration(
                "compare.holdout", "embeddings are judged by held-out partners: set evaluate.holdout, such as users:0.1, and input.interactions");
        }

        CompareTable measured = IdMeasures.Measure(ids, log is null ? null : CoOccurrence.Read(context.Engine, log.Rows, items), data);
        CompareTable embeddings = data is null
            ? new CompareTable([], [])
            : new EmbeddingMeasures(context, work, items, data, learned).Measure(request.Embeddings.Count > 0 ? request.Embeddings : DefaultEmbeddings(context));
        return new Comparison([("items", items.Count), .. Facts(data)], measured, embeddings);
    }

    private static string[] DefaultIds(PlanContext context) => context.Engine.Tables.State("codebooks") is null ? [] : ["current", "hash"];

    private static string[] DefaultEmbeddings(PlanContext context)
    {
        EmbedOptions embed = context.Options.Section<EmbedOptions>();
        string[] own = embed.Model == EmbedModel.Pool ? [EmbedModel.Pool] : [EmbedModel.Pool, embed.Model];
        return embed.Inputs.Count == 0 ? ["popular", "chance"] : [.. own, "popular", "chance"];
    }

    private static IEnumerable<(string Name, long Value)> Facts(HeldOutData? data) => data is null
        ? []
        :
        [
            ("items with held-out partners", data.Queries.Count),
            ("held-out partners", data.Queries.Sum(q => (long)q.Partners.Count)),
            ("items that training has not seen, with partners", data.Queries.Count(q => !data.Seen.Contains(q.Item))),
            ("training pairs", data.Pairs.Count),
        ];

    private sealed class CompareWork(PlanContext context, IRunObserver observer) : IWork
    {
        public string Step => "compare";

        public IQueryEngine Engine => context.Engine;

        public OneRecOptions Options => context.Options;

        public CancellationToken Cancellation => context.Cancellation;

        public void Report(string line) => observer.Message(Step, line);
    }
}
