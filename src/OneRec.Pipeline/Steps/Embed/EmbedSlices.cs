using System.Globalization;
using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Engine;
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
    VectorSource? tokens,
    IArrowType id,
    string modelId)
{
    private readonly IEngine _engine = context.Engine;
    private readonly EmbedOptions _options = context.Options.Embed;

    /// <summary>Embeds and commits every slice.</summary>
    /// <param name="size">Items a slice; a slice's number is the place of its first item.</param>
    /// <exception cref="OneRecException">An item that cannot be embedded (exit 3); slices before its own are committed.</exception>
    public StepOutcome Run(int size)
    {
        KernelCall kernel = Kernel(size);
        TableVersion version = new("item_embeddings", -1);
        long written = 0;
        long masked = 0;
        for (int start = 0; start < todo.Rows; start += size)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            long before = start;
            _engine.Progress = p => context.Observer.Progressed(step.Name, "", before + p.Done, todo.Rows, "items");
            using IKeptRelation embedded = _engine.Keep(_engine.Map(WithTokens(todo.Part(start)), kernel, PartitionShape.Any));
            masked += Masked(embedded);
            IRelation rows = _engine.Sql(
                SqlScript.Load("embedding_rows.sql").With("model_id", modelId), ("embedded", embedded));
            bool last = start + (long)size >= todo.Rows;
            var write = new TableWrite(
                OneRecTables.ItemEmbeddings(id), new WriteMode.Append(), context.Note(step, plan, complete: last));
            version = context.Write(rows, write, out long count);
            written += count;
        }

        List<Fact> facts = [new Fact("embedded", Count(written)), new Fact("model", modelId)];
        if (masked > 0)
        {
            context.Observer.Told(
                step.Name, $"{Count(masked)} of {Count(written)} items lack a block; its part of their embedding is zeros");
            facts.Add(new Fact("lacking a block", Count(masked)));
        }

        return new StepOutcome(written, [version], facts);
    }

    private static string Count(long items) => items.ToString("N0", CultureInfo.InvariantCulture);

    private IRelation WithTokens(IRelation rows) => tokens is null ? rows : _engine.AttachVectors(rows, tokens);

    private KernelCall Kernel(int size)
    {
        int? there = LengthInTable();
        int text = _options.Inputs.OfType<TextInput>().Sum(t => t.OpenModel().Manifest.Dimensions);
        EmbedBlock[] blocks = [.. _options.Inputs.Select(i => Block(i, there - text, size))];
        int length = text + blocks.OfType<TokenBlock>().Sum(b => b.Dimensions);
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
        };
        return new KernelCall(EmbedKernel.Name, parameters.ToJson(), EmbedOutput.Schema(id));
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
        List<object?[]> rows = Rows.Read(_engine.Collect(_engine.Sql(script, ("embedded", _engine.ReadTable("item_embeddings")))));
        return rows.Count == 0 ? null : ((object?[])rows[0][0]!).Length;
    }

    /// <summary>Floats of the first token vector of the first slice that has any.</summary>
    private int TokenLength(int size)
    {
        var call = new KernelCall(TokenLengthKernel.Name, new JsonObject { ["column"] = tokens!.Column }, TokenLengthKernel.Output);
        for (int start = 0; start < todo.Rows; start += size)
        {
            List<object?[]> rows = Rows.Read(_engine.Collect(_engine.Map(WithTokens(todo.Part(start)), call, PartitionShape.Any)));
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

    /// <summary>Items of a slice that lack a block.</summary>
    /// <exception cref="OneRecException">Input error <c>embed.item</c> that names the first item with a problem.</exception>
    private long Masked(IRelation embedded)
    {
        object?[] facts = Rows.Read(_engine.Collect(_engine.Sql(SqlScript.Load("embedded_facts.sql"), ("embedded", embedded))))[0];
        long problems = (long)facts[1]!;
        if (problems == 0)
        {
            return (long)facts[2]!;
        }

        object?[] first = Rows.Read(_engine.Collect(_engine.Sql(SqlScript.Load("first_problem.sql"), ("embedded", embedded))))[0];
        string others = problems == 1 ? "" : $" ({problems} such items among {facts[0]})";
        throw OneRecException.Input(
            "embed.item",
            $"item {first[0]}: {first[1]}{others}; mend it in the catalogue or leave it out by input.deleted");
    }
}
