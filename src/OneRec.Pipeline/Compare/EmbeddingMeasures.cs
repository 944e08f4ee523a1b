using OneRec.Core;
using OneRec.Kernels.Ranking;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;

namespace OneRec.Pipeline.Compare;

/// <summary>Measures embeddings by the held-out partners that they find (docs/method/compare.md, "Embeddings").</summary>
internal sealed class EmbeddingMeasures(PlanContext context, IWork work, ComparedItems items, HeldOutData data, ILearned learned)
{
    private readonly EmbedOptions _options = context.Options.Section<EmbedOptions>();

    /// <summary>Measures each of the named embeddings.</summary>
    /// <exception cref="OneRecException">A name is unknown, or a model or its embeddings are missing.</exception>
    public CompareTable Measure(IReadOnlyList<string> names)
    {
        PartnerHits[] hits = [.. names.Select(Hits)];
        (string, Func<PartnerHits, double>)[] measures =
        [
            ("h@10", h => h.H10),
            ("h@100", h => h.H100),
            ("f@10", h => h.F10),
            ("f@100", h => h.F100),
            ("tail@100", h => h.Tail100),
            ("cold h@100", h => h.Cold100),
        ];
        return new CompareTable(
            names, [.. measures.Select(m => new CompareRow(m.Item1, null, [.. hits.Select(h => double.IsNaN(m.Item2(h)) ? (double?)null : m.Item2(h))]))]);
    }

    private PartnerHits Hits(string name)
    {
        work.Report($"measuring embeddings: {name}");
        if (name == "chance")
        {
            return PartnerHits.Chance(items.Count, data.Queries, data.MostClicked, data.Seen);
        }

        IItemScores scores = name switch
        {
            "popular" => new FixedScores(data.Users),
            "linear" => Linear(),
            _ => Of(Model(name)),
        };
        return PartnerHits.Measure(scores, data.Queries, data.MostClicked, data.Seen, context.Options.ThreadCount(), context.Cancellation);
    }

    private VectorScores Of(EmbedModel model)
    {
        EmbeddingMatrix matrix = EmbeddingMatrix.Read(context, items, model, work.Report);
        return new VectorScores(matrix.Vectors, matrix.Dimensions);
    }

    private VectorScores Linear()
    {
        EmbeddingMatrix pooled = EmbeddingMatrix.Read(context, items, EmbedModel.Pooled(_options), work.Report);
        return new VectorScores(learned.Linear(pooled.Vectors, pooled.Dimensions, data.Pairs, work), pooled.Dimensions);
    }

    private EmbedModel Model(string name) => name == EmbedModel.Pool
        ? EmbedModel.Pooled(_options)
        : name == EmbedModel.Newest || EmbedOptions.IsId(name)
        ? EmbedModel.Of(context with
        {
            Options = context.Options with
            {
                Sections = [_options with { Model = name }],

                // An aligned model may be judged while the published codebook is one of pooled blocks.
                Run = context.Options.Run with { Retrain = context.Options.Run.Retrain || _options.Model == EmbedModel.Pool },
            },
        })
        : throw OneRecException.Configuration("compare.embeddings", $"embeddings: {name} is none of pool, aligned, linear, popular, chance and model ids");
}
