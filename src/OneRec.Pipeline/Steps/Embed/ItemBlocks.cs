using System.Text.Json.Nodes;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Options;
using OneRec.Inputs.Vectors;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Scoring.Embedding;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>The blocks of <c>embed.inputs</c> with their sources: what a kernel that reads items gets, and in which slices.</summary>
internal sealed class ItemBlocks
{
    private readonly OneRecOptions _options;
    private readonly EmbedOptions _embed;

    private ItemBlocks(OneRecOptions options, VectorInput? vectors, ItemImages? images)
    {
        _options = options;
        _embed = options.Section<EmbedOptions>();
        (Vectors, Images) = (vectors, images);
    }

    /// <summary>Token vectors that the user gives; null without such a block.</summary>
    public VectorInput? Vectors { get; }

    /// <summary>The items' images; null without such a block.</summary>
    public ItemImages? Images { get; }

    /// <summary>Number of items processed at a time by default.</summary>
    /// <param name="scale">Partitions of the engine.</param>
    public int SliceItems(EngineScale scale) => _embed.CommitItems ?? (int)Math.Min(
        EmbedOptions.MostCommitItems, (_embed.HasModel ? 8_192L : 131_072L) * scale.Partitions);

    /// <summary>
    /// How rows are distributed over tasks. Vectors and images are split by size. Texts are so small that they would all land in one partition.
    /// </summary>
    public PartitionShape Shape => Vectors is null && Images is null ? PartitionShape.Even : PartitionShape.Any;

    /// <summary>Opens the sources.</summary>
    /// <exception cref="OneRecException">
    /// There are no blocks, or a block of tokens or images lacks <c>input.tokens</c> or <c>input.images</c>.
    /// </exception>
    public static ItemBlocks Open(IInputStore store, OneRecOptions options, TimeProvider clock)
    {
        EmbedOptions embed = options.Section<EmbedOptions>();
        if (embed.Inputs.Count == 0)
        {
            throw OneRecException.Configuration(
                "embed.no-inputs",
                "embed.inputs is empty; add at least one block, such as "
                + "{\"block\":\"text\",\"encoder\":FOLDER,\"fields\":[\"title\"]}, {\"block\":\"image\",\"encoder\":FOLDER} or "
                + "{\"block\":\"tokens\"}");
        }

        return new ItemBlocks(options, OpenVectors(store, options, clock), OpenImages(store, options));
    }

    /// <summary>Adds the versions of the sources to a plan.</summary>
    public void AddTo(StepPlan plan)
    {
        InputPlan.AddBadRows(plan.Parameters, _options.Input);
        if (Vectors is not null)
        {
            plan.Inputs.Add("tokens", Vectors.Version);
        }

        if (Images is not null)
        {
            plan.Inputs.Add("images", Images.Version);
            if (_options.Input.ImagesRoot is not null && Images.ByPath)
            {
                // Items in quarantine whose images lay outside are tried again.
                plan.Parameters["images_root"] = Images.Within;
            }
        }
    }

    /// <summary>The items without an embedding, by slice.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="items">Rows of <c>items</c>.</param>
    /// <param name="embedded">Rows of <c>item_embeddings</c>; those of the model are left out.</param>
    /// <param name="modelId">The model.</param>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="slice">Items per slice. A slice's number is the position of its first item.</param>
    public IMaterializedRelation Slices(IQueryEngine engine, IRelation items, IRelation embedded, string modelId, IArrowType id, int slice)
    {
        IEnumerable<string> columns = _embed.Inputs
            .OfType<TextInput>()
            .SelectMany(t => t.TextFields)
            .Select(f => ", " + f.Name)
            .Distinct(StringComparer.Ordinal);
        SqlScript script = SqlScript.Load(typeof(ItemBlocks), "new_items.sql")
            .With("columns", new SqlArgument.Expression(string.Concat(columns)))
            .With("slice", slice)
            .With("model_id", modelId);
        IRelation none = engine.FromRows(VectorFiles.Places(id), []);
        IRelation todo = engine.Sql(
            script,
            ("items", items),
            ("embedded", embedded),
            ("places", Vectors is null ? none : engine.VectorPlaces(Vectors.Source, id)),
            ("image_places", Images?.Places(engine, id) ?? none));
        return engine.Materialize(todo, new ScratchLayout("slice", ["item_id"]));
    }

    /// <summary>Rejects items with more than one row of vectors; finds none if the engine does not report positions.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="slices">Rows of <see cref="Slices"/>.</param>
    public void RejectDuplicates(IQueryEngine engine, IMaterializedRelation slices)
    {
        if (Vectors?.Source is { } tokens
            && RowReader.Read(engine.Collect(engine.Sql(SqlScript.Load(typeof(ItemBlocks), "repeated_vectors.sql"), ("todo", slices)))) is [var first])
        {
            throw OneRecException.Input(
                "input.duplicate", $"{tokens.Files[VectorPlace.Of((long)first[1]!).File]}: item {first[0]} has vectors in more than one row; keep one row per item");
        }
    }

    /// <summary>Rows of a slice with the vectors and images of their items.</summary>
    public IRelation WithSources(IQueryEngine engine, IRelation rows)
    {
        IRelation attached = WithTokens(engine, rows);
        return Images is null ? attached : Images.Attach(engine, attached);
    }

    /// <summary>Parameters of the kernels <c>embed</c> and <c>token_vectors</c>.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="slices">Rows of <see cref="Slices"/>.</param>
    /// <param name="size">Items per slice.</param>
    /// <param name="tokenLength">Length of given token vectors where neither options nor the first vectors decide; null where the vectors do.</param>
    /// <exception cref="OneRecException">Input error <c>embed.no-vectors</c>: no item has token vectors.</exception>
    public EmbedParameters Parameters(IQueryEngine engine, IMaterializedRelation slices, int size, int? tokenLength) => new()
    {
        Blocks = [.. _embed.Inputs.Select(i => Block(i, () => tokenLength ?? TokenLength(engine, slices, size)))],
        Normalize = _embed.Normalize,
        Batch = _embed.Batch,
        Threads = _embed.Threads,
        Cuda = _embed.Device == "cuda",
        CudaDevice = _embed.CudaDevice,
        CudaMemory = _embed.CudaBytes,
    };

    private static VectorInput? OpenVectors(IInputStore store, OneRecOptions options, TimeProvider clock)
    {
        if (!options.Section<EmbedOptions>().Inputs.Any(i => i is TokensInput))
        {
            return null;
        }

        return options.Input.Tokens is null
            ? throw OneRecException.Configuration(
                "embed.no-tokens", "embed.inputs has a block of tokens; set input.tokens to the files with their vectors")
            : VectorInput.Open(store, options.Input, clock);
    }

    private static ItemImages? OpenImages(IInputStore store, OneRecOptions options)
    {
        if (!options.Section<EmbedOptions>().Inputs.Any(i => i is ImageInput))
        {
            return null;
        }

        return options.Input.Images is null
            ? throw OneRecException.Configuration(
                "embed.no-images", "embed.inputs has a block of images; set input.images to the files that list them")
            : ItemImages.Open(store, options.Input);
    }

    private IRelation WithTokens(IQueryEngine engine, IRelation rows) => Vectors is null ? rows : engine.AttachVectors(rows, Vectors.Source);

    private EmbedBlock Block(EmbedInput input, Func<int> tokenLength) => input switch
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
            Column = Images!.Column,
            Root = Images.Root,
            Within = Images.Within,
            Most = image.Images,
            Weight = image.Weight,
        },
        TokensInput given => new TokenBlock
        {
            Column = Vectors!.Source.Column,
            Dimensions = given.Dimensions ?? tokenLength(),
            Weight = given.Weight,
        },
        _ => throw new InvalidOperationException($"unknown block type {input.GetType().Name}"),
    };

    /// <summary>Dimensions of the first token vector in the first slice that has any.</summary>
    private int TokenLength(IQueryEngine engine, IMaterializedRelation slices, int size)
    {
        VectorFiles tokens = Vectors!.Source;
        var call = new KernelCall(TokenLengthKernel.Name, new JsonObject { ["column"] = tokens.Column }, TokenLengthKernel.Output);
        for (int start = 0; start < slices.Rows; start += size)
        {
            List<object?[]> rows = RowReader.Read(engine.Collect(engine.Map(WithTokens(engine, slices.Part(start)), call, PartitionShape.Any)));
            if (rows.Count > 0)
            {
                // Each partition reports its own length; a differing one is reported with the item id when it is
                // embedded.
                return rows.Min(r => (int)r[0]!);
            }
        }

        throw OneRecException.Input(
            "embed.no-vectors",
            $"{tokens.Files[0]}: has no vectors for any of the {slices.Rows} items to embed; check that item_id matches the catalogue");
    }
}
