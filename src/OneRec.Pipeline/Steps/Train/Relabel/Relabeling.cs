using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Kernels.Clustering.Training;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Train.Relabel;

/// <summary>
/// Relabels the codes of a new codebook level by level, so that as many items as possible keep their IDs: a label says nothing
/// about its centroid, so any permutation of a level's codes is the same codebook.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="items">The embedded items.</param>
/// <param name="old">The codebook whose IDs are to be kept.</param>
internal sealed class Relabeling(StepRun run, EmbeddedItems items, Codebook old)
{
    private static readonly Schema Labels = new(
        [new Field("fresh_code", StringType.Default, false), new Field("held_code", StringType.Default, false)], null);

    /// <summary>Relabels a codebook.</summary>
    /// <param name="levels">Its levels.</param>
    /// <param name="dims">Dimensions of a centroid.</param>
    /// <returns>The same levels with their codes in another order.</returns>
    /// <exception cref="OneRecException">Table error <c>train.relabel</c>: no item has an ID under the old codebook.</exception>
    public Relabeled Apply(IReadOnlyList<TrainedLevel> levels, int dims)
    {
        using IMaterializedRelation both = Both(levels, dims);
        if (both.Rows == 0)
        {
            throw OneRecException.Table(
                "train.relabel",
                $"semantic_ids has no IDs of codebook {old.CodebookId} for the items to train on; set train.relabelFrom to a codebook that has");
        }

        var relabeled = new List<TrainedLevel>();
        IMaterializedRelation agreeing = both;
        try
        {
            for (int level = 0; level < levels.Count; level++)
            {
                int[] labels = BestLabels.Choose(levels[level].Items.Length, Overlap(agreeing, level));
                relabeled.Add(Permuted(levels[level], labels, dims));
                IMaterializedRelation next = Agreeing(agreeing, level, labels);
                DisposeUnlessFirst(agreeing, both);
                agreeing = next;
            }

            return new Relabeled(relabeled, both.Rows, both.Rows - Same(both), both.Rows - agreeing.Rows);
        }
        finally
        {
            DisposeUnlessFirst(agreeing, both);
        }
    }

    // Each item's codes under the new codebook and under the old one, as texts.
    private IMaterializedRelation Both(IReadOnlyList<TrainedLevel> levels, int dims)
    {
        IQueryEngine engine = run.Engine;
        const string Unnamed = "new";
        IRelation rows = engine.FromRows(OneRecTables.Codebooks().Schema, CodebookTable.RowsOf(Unnamed, items.ModelId, levels, dims));
        using IMaterializedRelation encoded = engine.Materialize(engine.Map(
            items.Relation, EncodeKernel.Call(items.IdType), PartitionShape.Any, (EncodeKernel.CodebookSide, CodebookTable.Relation(engine, rows, Unnamed))));
        return engine.Materialize(engine.Sql(
            Sql("both_ids.sql").With("codebook_id", old.CodebookId),
            ("encoded", encoded),
            ("semantic_ids", run.Input("semantic_ids").RowsOr(OneRecTables.SemanticIds(items.IdType)))));
    }

    private IEnumerable<(int Code, int Label, long Items)> Overlap(IRelation agreeing, int level) => RowReader
        .Read(run.Engine.Collect(run.Engine.Sql(Sql("overlap.sql").With("place", level + 1), ("both_ids", agreeing))))
        .Where(row => ((string)row[1]!).Length > 0)
        .Select(row => (Number(row[0]), Number(row[1]), (long)row[2]!));

    // Items whose codes are the old ones up to a level.
    private IMaterializedRelation Agreeing(IRelation agreeing, int level, int[] labels)
    {
        object?[][] rows = [.. labels.Select((label, code) => new object?[] { Text(code), Text(label) })];
        return run.Engine.Materialize(run.Engine.Sql(
            Sql("agreeing_ids.sql").With("place", level + 1),
            ("both_ids", agreeing),
            ("labels", run.Engine.FromRows(Labels, [RowReader.Build(Labels, rows)]))));
    }

    private long Same(IRelation both) => (long)RowReader.Read(run.Engine.Collect(run.Engine.Sql(Sql("same_ids.sql"), ("both_ids", both))))[0][0]!;

    private static TrainedLevel Permuted(TrainedLevel level, int[] labels, int dims)
    {
        var centroids = new float[level.Centroids.Length];
        var counts = new long[level.Items.Length];
        for (int code = 0; code < labels.Length; code++)
        {
            level.Centroids.AsSpan(code * dims, dims).CopyTo(centroids.AsSpan(labels[code] * dims));
            counts[labels[code]] = level.Items[code];
        }

        return level with { Centroids = centroids, Items = counts };
    }

    private static void DisposeUnlessFirst(IMaterializedRelation relation, IMaterializedRelation first)
    {
        if (!ReferenceEquals(relation, first))
        {
            relation.Dispose();
        }
    }

    private static SqlScript Sql(string script) => SqlScript.Load(typeof(Relabeling), script);

    private static int Number(object? text) => int.Parse((string)text!, NumberStyles.None, CultureInfo.InvariantCulture);

    private static string Text(int code) => code.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A relabelled codebook.</summary>
/// <param name="Levels">Its levels.</param>
/// <param name="Items">Items that have IDs under both codebooks.</param>
/// <param name="MovedBefore">Those of them whose codes would change without relabelling.</param>
/// <param name="Moved">Those of them whose codes change.</param>
internal sealed record Relabeled(IReadOnlyList<TrainedLevel> Levels, long Items, long MovedBefore, long Moved);
