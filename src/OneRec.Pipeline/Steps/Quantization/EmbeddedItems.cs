using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;

namespace OneRec.Pipeline.Steps.Quantization;

/// <summary>
/// The rows that codebooks are trained on and that get IDs: a model's embeddings of the current content of all items
/// that are not deleted, matched by (item_id, content_hash). Columns <c>item_id</c>, <c>embedding</c>.
/// </summary>
/// <param name="Relation">The rows, evaluated lazily.</param>
/// <param name="ModelId">The model.</param>
/// <param name="IdType">The type of <c>item_id</c>.</param>
public sealed record EmbeddedItems(IRelation Relation, string ModelId, IArrowType IdType)
{
    private const string Items = "items";
    private const string Embeddings = "item_embeddings";

    /// <summary>The rows of a model, from the tables pinned by the plan.</summary>
    /// <exception cref="OneRecException">A table is missing (exit 4).</exception>
    public static EmbeddedItems Read(StepRun run, string modelId)
    {
        ArgumentNullException.ThrowIfNull(run);
        PinnedTable items = run.Input(Items).Require("ingest");
        IRelation rows = run.Engine.Sql(
            SqlScript.Load(typeof(EmbeddedItems), "embedded_items.sql").With("model_id", modelId),
            ("embeddings", run.Input(Embeddings).Require("embed").Rows),
            ("items", items.Rows));
        return new EmbeddedItems(rows, modelId, items.IdType);
    }

    /// <summary>The error of a step that finds no rows.</summary>
    /// <param name="code">The step's code for it.</param>
    public OneRecException Empty(string code) => OneRecException.Input(
        code,
        $"item_embeddings has no up-to-date embeddings from model {ModelId}; run 'onerec embed' first, or, if it could embed no item, "
            + "see table quarantine for the reasons");

    /// <summary>
    /// The model whose embeddings are used for training: the one that <c>embed.inputs</c> describe; if they are empty
    /// (the embeddings were written with another configuration), the model of the newest embeddings.
    /// </summary>
    /// <exception cref="OneRecException">There are no embeddings (exit 4), or a model folder is damaged.</exception>
    public static string ModelOf(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        EmbedOptions embed = context.Options.Section<EmbedOptions>();
        return embed.Inputs.Count > 0 ? EmbedModel.Of(context).Id : Newest(context.Engine);
    }

    private static string Newest(IEngine engine)
    {
        TableState state = engine.Tables.State(Embeddings) ?? throw Missing();
        long version = engine.Tables.NewestCommit(Embeddings, "embed")?.Version ?? state.Version;
        Dictionary<string, long> now = Models(engine, version);
        Dictionary<string, long> before = now.Count > 1 && version > 0 ? Models(engine, version - 1) : [];

        // The table is append-only, so the model of a commit is the one with more rows than before.
        return now.Keys.Order(StringComparer.Ordinal).FirstOrDefault(m => now[m] != before.GetValueOrDefault(m)) ?? throw Missing();
    }

    private static Dictionary<string, long> Models(IEngine engine, long version) => RowReader
        .Read(engine.Collect(engine.Sql(
            SqlScript.Load(typeof(EmbeddedItems), "models_by_rows.sql"), (Embeddings, engine.ReadTable(Embeddings, version)))))
        .ToDictionary(row => (string)row[0]!, row => (long)row[1]!);

    private static OneRecException Missing() => OneRecException.Table(
        "table.missing", $"there is no table '{Embeddings}' yet; run 'onerec embed' first");
}
