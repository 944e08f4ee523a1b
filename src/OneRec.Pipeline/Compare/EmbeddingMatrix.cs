using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Tables;
using OneRec.Scoring.Embedding;

namespace OneRec.Pipeline.Compare;

/// <summary>The embeddings of all items by one model.</summary>
/// <param name="Vectors">[items, d] row-major; zeros for an item that cannot be embedded.</param>
/// <param name="Dimensions">Length of a vector.</param>
internal sealed record EmbeddingMatrix(float[] Vectors, int Dimensions)
{
    /// <summary>Reads the embeddings of a model; those that the table lacks are computed and not kept.</summary>
    /// <param name="context">Engine and options.</param>
    /// <param name="items">The items.</param>
    /// <param name="model">The model.</param>
    /// <param name="report">Receives a line if embeddings are computed.</param>
    /// <exception cref="OneRecException">The blocks cannot be read, or no item has an embedding.</exception>
    public static EmbeddingMatrix Read(PlanContext context, ComparedItems items, EmbedModel model, Action<string> report)
    {
        IArrowType id = items.Rows.Schema.GetFieldByName("item_id").DataType;
        Builder matrix = FromTable(context.Engine, items, model.Id);
        if (matrix.Count < items.Count)
        {
            Compute(context, items, model, Table(context.Engine, id), id, matrix, report);
        }

        return matrix.Build() ?? throw OneRecException.Input("compare.no-embeddings", $"no item has an embedding of model {model.Id}; see 'onerec embed'");
    }

    /// <summary>The embeddings of a model that the table has; null if it has none.</summary>
    public static EmbeddingMatrix? ReadTable(IEngine engine, ComparedItems items, string modelId) => FromTable(engine, items, modelId).Build();

    private static IRelation Table(IEngine engine, IArrowType id) => engine.Tables.State("item_embeddings") is null
        ? engine.FromRows(OneRecTables.ItemEmbeddings(id).Schema, [])
        : engine.ReadTable("item_embeddings");

    private static Builder FromTable(IEngine engine, ComparedItems items, string modelId)
    {
        var matrix = new Builder(items);
        matrix.Add(engine, engine.Sql(
            SqlScript.Load(typeof(EmbeddingMatrix), "embeddings_of_model.sql").With("model_id", modelId),
            ("embedded", Table(engine, items.Rows.Schema.GetFieldByName("item_id").DataType)),
            ("items", items.Rows)));
        return matrix;
    }

    private static void Compute(
        PlanContext context, ComparedItems items, EmbedModel model, IRelation embedded, IArrowType id, Builder matrix, Action<string> report)
    {
        IEngine engine = context.Engine;
        var blocks = ItemBlocks.Open(engine.Inputs, context.Options, context.Clock);
        int size = blocks.SliceItems(engine.Scale);
        using IMaterializedRelation slices = blocks.Slices(engine, items.Rows, embedded, model.Id, id, size);
        report($"embedding {slices.Rows} items with model {model.Id}; 'onerec embed' would keep them");
        EmbedParameters parameters = blocks.Parameters(engine, slices, size, null) with { Aligned = model.Aligned?.Folder };
        var call = new KernelCall(EmbedKernel.Name, parameters.ToJson(), EmbedOutput.Schema(id)) { UsesGpu = parameters.Cuda };
        for (int start = 0; start < slices.Rows; start += size)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            IRelation rows = engine.Map(blocks.WithSources(engine, slices.Part(start)), call, blocks.Shape);
            matrix.Add(engine, engine.Sql(SqlScript.Load(typeof(EmbeddingMatrix), "computed_embeddings.sql"), ("embedded", rows)));
        }
    }

    private sealed class Builder(ComparedItems items)
    {
        private float[]? _vectors;
        private int _d;

        public int Count { get; private set; }

        public void Add(IQueryEngine engine, IRelation rows)
        {
            foreach (RecordBatch batch in engine.Collect(rows))
            {
                using (batch)
                {
                    var lists = (ListArray)batch.Column(1);
                    ReadOnlySpan<float> values = ((FloatArray)lists.Values).Values;
                    for (int row = 0; row < batch.Length; row++)
                    {
                        if (lists.IsValid(row) && items.Numbers.Find(batch.Column(0), row) is >= 0 and var item)
                        {
                            Put(item, values.Slice(lists.ValueOffsets[row], lists.GetValueLength(row)));
                        }
                    }
                }
            }
        }

        public EmbeddingMatrix? Build() => _vectors is null ? null : new EmbeddingMatrix(_vectors, _d);

        private void Put(int item, ReadOnlySpan<float> vector)
        {
            _d = _vectors is null ? vector.Length : _d;
            _vectors ??= new float[items.Count * (long)_d];
            vector.CopyTo(_vectors.AsSpan(item * _d, _d));
            Count++;
        }
    }
}
