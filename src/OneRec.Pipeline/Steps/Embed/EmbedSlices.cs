using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Vectors;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;
using OneRec.Scoring.Embedding;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>
/// Embeds the items of one run in slices, one commit per slice; only the last commit is marked as complete.
/// </summary>
internal sealed class EmbedSlices(
    StepRun run,
    IMaterializedRelation todo,
    VectorInput? vectors,
    ItemImages? images,
    IArrowType id,
    string modelId)
{
    private readonly IQueryEngine _engine = run.Engine;
    private readonly VectorFiles? _tokens = vectors?.Source;
    private readonly EmbedOptions _options = run.Options.Section<EmbedOptions>();
    private readonly EmbedProblems _problems = new(run.Engine, run.Options.Input.BadRows);
    private readonly long[] _missing = new long[run.Options.Section<EmbedOptions>().Inputs.Count];

    /// <summary>Embeds and commits every slice.</summary>
    /// <param name="size">Items per slice. A slice's number is the position of its first item.</param>
    /// <exception cref="OneRecException">
    /// An item cannot be embedded (exit 3); earlier slices stay committed.
    /// </exception>
    public StepOutcome Run(int size)
    {
        KernelCall kernel = Kernel(size);
        TableVersion version = new("item_embeddings", -1);
        long written = 0;
        List<Fact> facts = [];
        for (int start = 0; start < todo.Rows; start += size)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            long before = start;
            run.OnProgress(p =>
            {
                KernelProgress all = p.Unit == EmbedKernel.Unit ? new KernelProgress(before + p.Done, todo.Rows, p.Unit) : p;
                run.Observer.Progressed(run.Step, "", all.Done, all.Total, all.Unit);
            });
            using IMaterializedRelation embedded = _engine.Materialize(_engine.Map(WithSources(todo.Part(start)), kernel, Shape));
            CountProblems(embedded);
            IRelation rows = _engine.Sql(
                SqlScript.Load(typeof(EmbedSlices), "embedding_rows.sql").With("model_id", modelId), ("embedded", embedded));
            bool last = start + (long)size >= todo.Rows;
            if (last)
            {
                _problems.AddRows(vectors?.RowsWithoutId() ?? []);
                facts.AddRange(Quarantine.Write(run, _problems.Rows));
            }

            var write = new TableWrite(
                OneRecTables.ItemEmbeddings(id), new WriteMode.Append(), run.Note(complete: last));
            version = run.Write(rows, write, out long count);
            written += count;
        }

        return new StepOutcome(
            written, [version], [Fact.Of("embedded", written), new Fact("model", modelId), .. MissingBlocks(written), .. facts]);
    }

    /// <summary>Counts the missing blocks of a slice's items and records items with a problem.</summary>
    private void CountProblems(IRelation embedded)
    {
        long items = 0;
        long problems = 0;
        foreach (object?[] row in RowReader.Read(_engine.Collect(_engine.Sql(SqlScript.Load(typeof(EmbedSlices), "embedded_facts.sql"), ("embedded", embedded)))))
        {
            var missing = (int)row[0]!;
            var (count, bad) = ((long)row[1]!, (long)row[2]!);
            items += count;
            problems += bad;
            for (int b = 0; b < _missing.Length; b++)
            {
                _missing[b] += (missing >> b & 1) == 1 ? count - bad : 0;
            }
        }

        _problems.Add(embedded, problems, items);
    }

    private IEnumerable<Fact> MissingBlocks(long written)
    {
        for (int b = 0; b < _missing.Length; b++)
        {
            if (_missing[b] > 0)
            {
                string block = _options.Inputs[b].Title;
                run.Report(
                    $"{Count(_missing[b])} of {Count(written)} items have no {block}; that part of their embedding is zeros");
                yield return Fact.Of($"without {block}", _missing[b]);
            }
        }
    }

    private static string Count(long items) => items.ToString("N0", CultureInfo.InvariantCulture);

    // Vectors and images are split by size. Texts are so small that they would all land in one partition.
    private PartitionShape Shape => _tokens is null && images is null ? PartitionShape.Even : PartitionShape.Any;

    private IRelation WithTokens(IRelation rows) => _tokens is null ? rows : _engine.AttachVectors(rows, _tokens);

    private IRelation WithSources(IRelation rows)
    {
        IRelation attached = WithTokens(rows);
        return images is null ? attached : images.Attach(_engine, attached);
    }

    private KernelCall Kernel(int size)
    {
        int? existing = ExistingLength();
        int models = _options.Inputs.Sum(i => i.OpenModel()?.Manifest.Dimensions ?? 0);
        EmbedBlock[] blocks = [.. _options.Inputs.Select(i => Block(i, existing - models, size))];
        int length = models + blocks.OfType<TokenBlock>().Sum(b => b.Dimensions);
        if (existing is not null && existing != length)
        {
            throw OneRecException.Table(
                "embed.length",
                $"item_embeddings holds vectors of {existing} dimensions for model {modelId}, but embed.inputs give {length}; "
                    + "set embed.inputs[].dimensions to the length of the vectors, or use another tables folder");
        }

        var parameters = new EmbedParameters
        {
            Blocks = blocks,
            Normalize = _options.Normalize,
            Batch = _options.Batch,
            Threads = _options.Threads,
            Cuda = _options.Device == "cuda",
            CudaDevice = _options.CudaDevice,
            CudaMemory = _options.CudaBytes,
        };
        return new KernelCall(EmbedKernel.Name, parameters.ToJson(), EmbedOutput.Schema(id)) { UsesGpu = parameters.Cuda };
    }

    private EmbedBlock Block(EmbedInput input, int? existingTokenLength, int size) => input switch
    {
        TextInput text => new TextBlock
        {
            Folder = text.Encoder,
            Manifest = text.Manifest,
            Fields = text.TextFields,
            Separator = text.Separator,
            Weight = text.Weight,
        },
        ImageInput image => new ImageBlock
        {
            Folder = image.Encoder,
            Manifest = image.Manifest,
            Column = images!.Column,
            Root = images.Root,
            Within = images.Within,
            Most = image.Images,
            Weight = image.Weight,
        },
        TokensInput given => new TokenBlock
        {
            Column = _tokens!.Column,
            Dimensions = given.Dimensions ?? (existingTokenLength is > 0 ? existingTokenLength.Value : TokenLength(size)),
            Weight = given.Weight,
        },
        _ => throw new InvalidOperationException($"unknown block type {input.GetType().Name}"),
    };

    /// <summary>Dimensions of this model's embeddings in the table; null if it has none.</summary>
    private int? ExistingLength()
    {
        PinnedTable table = run.Output("item_embeddings");
        if (table.State is null)
        {
            return null;
        }

        SqlScript script = SqlScript.Load(typeof(EmbedSlices), "one_embedding.sql").With("model_id", modelId);
        List<object?[]> rows = RowReader.Read(_engine.Collect(_engine.Sql(script, ("embedded", table.Rows))));
        return rows.Count == 0 ? null : ((object?[])rows[0][0]!).Length;
    }

    /// <summary>Dimensions of the first token vector in the first slice that has any.</summary>
    private int TokenLength(int size)
    {
        var call = new KernelCall(TokenLengthKernel.Name, new JsonObject { ["column"] = _tokens!.Column }, TokenLengthKernel.Output);
        for (int start = 0; start < todo.Rows; start += size)
        {
            List<object?[]> rows = RowReader.Read(_engine.Collect(_engine.Map(WithTokens(todo.Part(start)), call, PartitionShape.Any)));
            if (rows.Count > 0)
            {
                // Each partition reports its own length; a differing one is reported with the item id when it is
                // embedded.
                return rows.Min(r => (int)r[0]!);
            }
        }

        throw OneRecException.Input(
            "embed.no-vectors",
            $"{_tokens.Files[0]}: has no vectors for any of the {todo.Rows} items to embed; check that item_id matches the catalogue");
    }
}
