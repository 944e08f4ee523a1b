using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;
using OneRec.Scoring.Embedding;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>Embeds the items of one run slice by slice, a commit each; only the last commit says that all is done.</summary>
internal sealed class EmbedSlices(
    StepContext context,
    IStep step,
    StepPlan plan,
    IKeptRelation todo,
    VectorFiles? tokens,
    ItemImages? images,
    IArrowType id,
    string modelId)
{
    private readonly IEngine _engine = context.Engine;
    private readonly EmbedOptions _options = context.Options.Section<EmbedOptions>();
    private readonly EmbedProblems _problems = new(context.Engine, context.Options.Input.BadRows);
    private readonly long[] _missing = new long[context.Options.Section<EmbedOptions>().Inputs.Count];

    /// <summary>Embeds and commits every slice.</summary>
    /// <param name="size">Items a slice; a slice's number is the place of its first item.</param>
    /// <exception cref="OneRecException">An item that cannot be embedded (exit 3); slices before its own are committed.</exception>
    public StepOutcome Run(int size)
    {
        KernelCall kernel = Kernel(size);
        TableVersion version = new("item_embeddings", -1);
        long written = 0;
        List<Fact> facts = [];
        for (int start = 0; start < todo.Rows; start += size)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            long before = start;
            _engine.Progress = p =>
            {
                KernelProgress all = p.Unit == EmbedKernel.Unit ? new KernelProgress(before + p.Done, todo.Rows, p.Unit) : p;
                context.Observer.Progressed(step.Name, "", all.Done, all.Total, all.Unit);
            };
            using IKeptRelation embedded = _engine.Keep(_engine.Map(WithSources(todo.Part(start)), kernel, Shape));
            Look(embedded);
            IRelation rows = _engine.Sql(
                SqlScript.Load(typeof(EmbedSlices), "embedding_rows.sql").With("model_id", modelId), ("embedded", embedded));
            bool last = start + (long)size >= todo.Rows;
            if (last)
            {
                facts.AddRange(Quarantine.Write(context, step, plan, _problems.Rows));
            }

            var write = new TableWrite(
                OneRecTables.ItemEmbeddings(id), new WriteMode.Append(), context.Note(step, plan, complete: last));
            version = context.Write(rows, write, out long count);
            written += count;
        }

        return new StepOutcome(
            written, [version], [new Fact("embedded", Count(written)), new Fact("model", modelId), .. Lacking(written), .. facts]);
    }

    /// <summary>Counts what a slice's items lack, and takes those that have a problem.</summary>
    private void Look(IRelation embedded)
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

        _problems.Take(embedded, problems, items);
    }

    private IEnumerable<Fact> Lacking(long written)
    {
        for (int b = 0; b < _missing.Length; b++)
        {
            if (_missing[b] > 0)
            {
                string block = _options.Inputs[b].Title;
                context.Observer.Told(
                    step.Name, $"{Count(_missing[b])} of {Count(written)} items have no {block}; that part of their embedding is zeros");
                yield return new Fact($"without {block}", Count(_missing[b]));
            }
        }
    }

    private static string Count(long items) => items.ToString("N0", CultureInfo.InvariantCulture);

    // Vectors and images are spread by their bytes; texts are so few that they would lie together.
    private PartitionShape Shape => tokens is null && images is null ? PartitionShape.Even : PartitionShape.Any;

    private IRelation WithTokens(IRelation rows) => tokens is null ? rows : _engine.AttachVectors(rows, tokens);

    private IRelation WithSources(IRelation rows)
    {
        IRelation attached = WithTokens(rows);
        return images is null ? attached : images.Attach(_engine, attached);
    }

    private KernelCall Kernel(int size)
    {
        int? there = LengthInTable();
        int models = _options.Inputs.Sum(i => i.OpenModel()?.Manifest.Dimensions ?? 0);
        EmbedBlock[] blocks = [.. _options.Inputs.Select(i => Block(i, there - models, size))];
        int length = models + blocks.OfType<TokenBlock>().Sum(b => b.Dimensions);
        if (there is not null && there != length)
        {
            throw OneRecException.Table(
                "embed.length",
                $"item_embeddings holds vectors of {there} floats under model {modelId}, embed.inputs give {length}; "
                + "set embed.inputs[].dimensions to the vectors' length, or use another tables folder");
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

    private EmbedBlock Block(EmbedInput input, int? tokensThere, int size) => input switch
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
            Most = image.Images,
            Weight = image.Weight,
        },
        TokensInput given => new TokenBlock
        {
            Column = tokens!.Column,
            Dimensions = given.Dimensions ?? (tokensThere is > 0 ? tokensThere.Value : TokenLength(size)),
            Weight = given.Weight,
        },
        _ => throw new InvalidOperationException($"no block for {input.GetType().Name}"),
    };

    /// <summary>Floats of the embeddings that the table has of this model; null where it has none.</summary>
    private int? LengthInTable()
    {
        if (_engine.Tables.State("item_embeddings") is null)
        {
            return null;
        }

        SqlScript script = new SqlScript("SELECT embedding FROM embedded WHERE model_id = {{model_id}} LIMIT 1")
            .With("model_id", modelId);
        List<object?[]> rows = RowReader.Read(_engine.Collect(_engine.Sql(script, ("embedded", _engine.ReadTable("item_embeddings")))));
        return rows.Count == 0 ? null : ((object?[])rows[0][0]!).Length;
    }

    /// <summary>Floats of the first token vector of the first slice that has any.</summary>
    private int TokenLength(int size)
    {
        var call = new KernelCall(TokenLengthKernel.Name, new JsonObject { ["column"] = tokens!.Column }, TokenLengthKernel.Output);
        for (int start = 0; start < todo.Rows; start += size)
        {
            List<object?[]> rows = RowReader.Read(_engine.Collect(_engine.Map(WithTokens(todo.Part(start)), call, PartitionShape.Any)));
            if (rows.Count > 0)
            {
                // Partitions answer each for itself; another length in one of them is told by id when it is embedded.
                return rows.Min(r => (int)r[0]!);
            }
        }

        throw OneRecException.Input(
            "embed.no-vectors",
            $"{tokens.Files[0]}: holds vectors of none of the {todo.Rows} items to embed; are its item_id those of the catalogue?");
    }
}
