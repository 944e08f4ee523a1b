using System.Globalization;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Running;
using OneRec.Scoring.Embedding;
using OneRec.Scoring.Models;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>
/// Embeds the items of one run in slices, one commit per slice; only the last commit is marked as complete.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="todo">The items by slice, from <see cref="ItemBlocks.Slices"/>.</param>
/// <param name="blocks">The blocks with their sources.</param>
/// <param name="id">The type of <c>item_id</c>.</param>
/// <param name="modelId">The model.</param>
/// <param name="append">Commits the rows.</param>
/// <param name="problems">Takes the items that cannot be embedded.</param>
internal sealed class EmbedSlices(
    StepRun run,
    IMaterializedRelation todo,
    ItemBlocks blocks,
    IArrowType id,
    string modelId,
    EmbeddingAppend append,
    EmbedProblems problems)
{
    private readonly IQueryEngine _engine = run.Engine;
    private readonly EmbedOptions _options = run.Options.Section<EmbedOptions>();
    private readonly long[] _missing = new long[run.Options.Section<EmbedOptions>().Inputs.Count];

    /// <summary>Gets how many items are embedded so far.</summary>
    public Action<KernelProgress> Progress { get; init; } = p => run.Observer.Progressed(run.Step, "", p.Done, p.Total, p.Unit);

    /// <summary>Called before each commit; may throw to prevent it.</summary>
    public Action BeforeCommit { get; init; } = () => { };

    /// <summary>Gets the rows of each commit while they can be read.</summary>
    public Action<IRelation> Committed { get; init; } = _ => { };

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
            run.OnProgress(p => Progress(p.Unit == EmbedKernel.Unit ? new KernelProgress(before + p.Done, todo.Rows, p.Unit) : p));
            using IMaterializedRelation embedded = _engine.Materialize(_engine.Map(blocks.WithSources(_engine, todo.Part(start)), kernel, blocks.Shape));
            CountProblems(embedded);
            IRelation rows = _engine.Sql(
                SqlScript.Load(typeof(EmbedSlices), "embedding_rows.sql").With("model_id", modelId), ("embedded", embedded));
            bool last = start + (long)size >= todo.Rows;
            if (last)
            {
                problems.AddSource(() => blocks.Vectors?.RowsWithoutId() ?? []);
                facts.AddRange(Quarantine.Write(run, problems.Rows));
            }

            BeforeCommit();
            version = append.Write(rows, run.Note(complete: last), out long count);
            written += count;
            Committed(rows);
        }

        return new StepOutcome(
            written, [version], [Fact.Of("embedded", written), new Fact("model", modelId), .. MissingBlocks(written), .. facts]);
    }

    /// <summary>Counts the missing blocks of a slice's items and records items with a problem.</summary>
    private void CountProblems(IRelation embedded)
    {
        long items = 0;
        long rejected = 0;
        foreach (object?[] row in RowReader.Read(_engine.Collect(_engine.Sql(SqlScript.Load(typeof(EmbedSlices), "embedded_facts.sql"), ("embedded", embedded)))))
        {
            var missing = (int)row[0]!;
            var (count, bad) = ((long)row[1]!, (long)row[2]!);
            items += count;
            rejected += bad;
            for (int b = 0; b < _missing.Length; b++)
            {
                _missing[b] += (missing >> b & 1) == 1 ? count - bad : 0;
            }
        }

        problems.Add(embedded, rejected, items);
    }

    private IEnumerable<Fact> MissingBlocks(long written)
    {
        for (int b = 0; b < _missing.Length; b++)
        {
            if (_missing[b] > 0)
            {
                string block = _options.Inputs[b].Title;
                run.Report(
                    $"{Count(_missing[b])} of {Count(written)} items have no {block}; "
                    + (_options.Model == EmbedModel.Pool ? "that part of their embedding is zeros" : "their embedding is made of the other blocks"));
                yield return Fact.Of($"without {block}", _missing[b]);
            }
        }
    }

    private static string Count(long items) => items.ToString("N0", CultureInfo.InvariantCulture);

    private KernelCall Kernel(int size)
    {
        int? existing = ExistingLength();
        ModelFolder? aligned = _options.Model == EmbedModel.Pool ? null : ModelFolder.Open(Path.Combine(run.Options.Models, modelId));
        int models = _options.Inputs.Sum(i => i.OpenModel()?.Manifest.Dimensions ?? 0);
        int? left = aligned is null ? existing - models : null;
        EmbedParameters parameters = blocks.Parameters(_engine, todo, size, left is > 0 ? left : null) with { Aligned = aligned?.Folder };
        int length = aligned?.Manifest.Dimensions ?? (models + parameters.Blocks.OfType<TokenBlock>().Sum(b => b.Dimensions));
        if (existing is not null && existing != length)
        {
            throw OneRecException.Table(
                "embed.length",
                $"item_embeddings holds vectors of {existing} dimensions for model {modelId}, but embed.inputs give {length}; "
                    + "set embed.inputs[].dimensions to the length of the vectors, or use another tables folder");
        }

        return new KernelCall(EmbedKernel.Name, parameters.ToJson(), EmbedOutput.Schema(id)) { UsesGpu = parameters.Cuda };
    }

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
}
