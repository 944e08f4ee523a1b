using System.Globalization;
using System.Runtime.InteropServices;
using Apache.Arrow;
using OneRec.Alignment.Networks;
using OneRec.Alignment.Tokens;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Ids;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Tables;
using OneRec.Scoring.Embedding;

namespace OneRec.Alignment.Steps;

/// <summary>The items that training reads: their token vectors in scratch, and their numbers there.</summary>
internal sealed class TrainingItems : IDisposable
{
    /// <summary>Maximum number of items, chosen by hash, among which partners are looked for: a validation embeds all of them.</summary>
    internal const int MostCandidates = 20_000;

    private TrainingItems(TokenStore tokens, ItemNumbers numbers, IRelation rows, EmbedParameters kernel) =>
        (Tokens, Numbers, Rows, Kernel) = (tokens, numbers, rows, kernel);

    /// <summary>Their token vectors, by number.</summary>
    public TokenStore Tokens { get; }

    /// <summary>Their numbers.</summary>
    public ItemNumbers Numbers { get; }

    /// <summary>Their rows of table <c>items</c>, and those of items without token vectors.</summary>
    public IRelation Rows { get; }

    /// <summary>The blocks.</summary>
    public EmbedParameters Kernel { get; }

    /// <summary>Number of items that have no token vectors.</summary>
    public int Without { get; private set; }

    /// <summary>Reads items by slices and brings their token vectors to this process.</summary>
    /// <param name="run">Engine and options.</param>
    /// <param name="items">Table <c>items</c>.</param>
    /// <param name="pairs">Rows of table <c>item_pairs</c>.</param>
    /// <exception cref="OneRecException">A source cannot be read, or no item has token vectors.</exception>
    public static TrainingItems Gather(StepRun run, PinnedTable items, IRelation pairs)
    {
        IQueryEngine engine = run.Engine;
        var blocks = ItemBlocks.Open(engine.Inputs, run.Options, run.Clock);
        blocks.Vectors?.RequireNoBombs();
        int size = blocks.SliceItems(engine.Scale);
        SqlScript script = SqlScript.Load(typeof(TrainingItems), "needed_items.sql")
            .With("item_hash", OrderHash.Of(run.Options.Seed, "align", "live.item_id"))
            .With("candidates", MostCandidates);
        IMaterializedRelation needed = engine.Materialize(engine.Sql(script, ("items", items.Rows), ("pairs", pairs)));
        IRelation none = engine.FromRows(OneRecTables.ItemEmbeddings(items.IdType).Schema, []);
        using IMaterializedRelation slices = blocks.Slices(engine, needed, none, "", items.IdType, size);
        blocks.RejectDuplicates(engine, slices);
        EmbedParameters kernel = blocks.Parameters(engine, slices, size, null);
        var call = new KernelCall(
            TokenVectorsKernel.Name, kernel.ToJson(), TokenVectorsKernel.Output(items.IdType, kernel.Blocks.Count))
        { UsesGpu = kernel.Cuda };
        TrainingItems? gathered = null;
        for (int start = 0; start < slices.Rows; start += size)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            long before = start;
            run.OnProgress(p => run.Observer.Progressed(run.Step, "token vectors", before + p.Done, slices.Rows, "items"));
            foreach (RecordBatch batch in engine.Collect(engine.Map(blocks.WithSources(engine, slices.Part(start)), call, blocks.Shape)))
            {
                using (batch)
                {
                    gathered ??= Create(run, batch, kernel, needed);
                    gathered.Add(batch);
                }
            }
        }

        if (gathered is null || gathered.Numbers.Count == 0)
        {
            gathered?.Dispose();
            throw OneRecException.Input("align.no-tokens", "no item has token vectors to train on; 'onerec embed' names the reasons");
        }

        gathered.Tokens.Complete();
        return gathered;
    }

    /// <summary>The blocks as an encoder sees them.</summary>
    public TokenBlockShape[] Shapes() =>
    [
        .. Tokens.Dimensions.Select((d, b) => new TokenBlockShape(d, Rounded(1 / Tokens.RootMeanSquare(b)), Kernel.Blocks[b].Weight)),
    ];

    /// <summary>The numbers of the items among which partners are looked for, ascending: those with the lowest hashes.</summary>
    /// <param name="seed">The run's seed.</param>
    public int[] Candidates(long seed) => [.. ByHash(seed).Take(MostCandidates).Order()];

    /// <summary>The numbers of all items, in the order of their hashes.</summary>
    /// <param name="seed">The run's seed.</param>
    public IEnumerable<int> ByHash(long seed)
    {
        string[] ids = Numbers.Texts();
        return Enumerable.Range(0, ids.Length)
            .OrderBy(i => StableHash.Order32(seed, "align", ids[i]))
            .ThenBy(i => ids[i], StringComparer.Ordinal);
    }

    /// <summary>Pairs of items by number; those of items without token vectors are left out.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="rows">Two columns of item ids.</param>
    /// <returns>The pairs in the order of the rows, and how many were left out.</returns>
    public (int[] First, int[] Second, long Left) Read(IQueryEngine engine, IRelation rows)
    {
        var first = new List<int>();
        var second = new List<int>();
        long left = 0;
        foreach ((int a, int b) in Numbers.Pairs(engine.Collect(rows)))
        {
            if (a < 0 || b < 0)
            {
                left++;
                continue;
            }

            first.Add(a);
            second.Add(b);
        }

        return ([.. first], [.. second], left);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tokens.Dispose();
        (Rows as IDisposable)?.Dispose();
    }

    // Sums depend on the order of items, which differs between engines; the factor does not.
    private static double Rounded(double factor) => double.Parse(factor.ToString("E4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static TrainingItems Create(StepRun run, RecordBatch batch, EmbedParameters kernel, IRelation needed)
    {
        int[] dimensions = [.. Enumerable.Range(0, kernel.Blocks.Count).Select(b => ((Int32Array)batch.Column((2 * b) + 2)).GetValue(0)!.Value)];
        return new TrainingItems(TokenStore.In(run.Options.Models, dimensions), new ItemNumbers(), needed, kernel);
    }

    private void Add(RecordBatch batch)
    {
        int blocks = Tokens.Dimensions.Count;
        IArrowArray problems = batch.Column(batch.ColumnCount - 1);
        var vectors = new ReadOnlyMemory<Half>[blocks];
        for (int row = 0; row < batch.Length; row++)
        {
            if (problems.IsValid(row))
            {
                Without++;
                continue;
            }

            for (int b = 0; b < blocks; b++)
            {
                vectors[b] = MemoryMarshal.Cast<byte, Half>(((BinaryArray)batch.Column((2 * b) + 1)).GetBytes(row)).ToArray();
            }

            Numbers.Add(batch.Column(0), row);
            Tokens.Add(vectors);
        }
    }
}
