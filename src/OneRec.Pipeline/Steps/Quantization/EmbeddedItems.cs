using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;

namespace OneRec.Pipeline.Steps.Quantization;

/// <summary>
/// The rows that codebooks are trained on and that get IDs: embeddings of a model whose (item_id, content_hash) is that
/// of an item that is not deleted. Columns <c>item_id</c>, <c>embedding</c>.
/// </summary>
/// <param name="Relation">The rows, lazily.</param>
/// <param name="ModelId">Their model.</param>
/// <param name="IdType">The type of <c>item_id</c>.</param>
public sealed record EmbeddedItems(IRelation Relation, string ModelId, IArrowType IdType)
{
    /// <summary>The rows of a model.</summary>
    /// <exception cref="OneRecException">A table is missing (exit 4).</exception>
    public static EmbeddedItems Of(IEngine engine, string modelId)
    {
        ArgumentNullException.ThrowIfNull(engine);
        TableState items = Require(engine, "items", "ingest");
        Require(engine, "item_embeddings", "embed");
        IRelation rows = engine.Sql(
            SqlScript.Load(typeof(EmbeddedItems), "embedded_items.sql").With("model_id", modelId),
            ("embeddings", engine.ReadTable("item_embeddings")),
            ("items", engine.ReadTable("items")));
        return new EmbeddedItems(rows, modelId, items.Schema.GetFieldByName("item_id").DataType);
    }

    /// <summary>
    /// The model whose embeddings a training takes: the one that <c>embed.inputs</c> describe; where they are empty (the
    /// embeddings were written by another run's configuration), that of the newest embeddings.
    /// </summary>
    /// <exception cref="OneRecException">There are no embeddings (exit 4), or a model folder does not hold.</exception>
    public static string ModelOf(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.Options.Section<EmbedOptions>().Inputs.Count > 0 ? EmbedStep.ModelId(context.Options.Section<EmbedOptions>()) : Newest(context.Engine);
    }

    private static string Newest(IEngine engine)
    {
        TableState state = Require(engine, "item_embeddings", "embed");
        long version = engine.Tables.NewestCommit("item_embeddings", "embed")?.Version ?? state.Version;
        Dictionary<string, long> now = Models(engine, version);
        Dictionary<string, long> before = now.Count > 1 && version > 0 ? Models(engine, version - 1) : [];

        // The table is only appended to: the commit's model is the one that has more rows than before.
        return now.Keys.Order(StringComparer.Ordinal).FirstOrDefault(m => now[m] != before.GetValueOrDefault(m))
            ?? throw Missing("item_embeddings", "embed");
    }

    private static Dictionary<string, long> Models(IEngine engine, long version) => RowReader
        .Read(engine.Collect(engine.Sql(
            SqlScript.Load(typeof(EmbeddedItems), "models_by_rows.sql"),
            ("item_embeddings", engine.ReadTable("item_embeddings", version)))))
        .ToDictionary(row => (string)row[0]!, row => (long)row[1]!);

    private static TableState Require(IEngine engine, string table, string step) =>
        engine.Tables.State(table) ?? throw Missing(table, step);

    private static OneRecException Missing(string table, string step) => OneRecException.Table(
        "table.missing", $"there is no table '{table}' yet; run 'onerec {step}' first");
}
