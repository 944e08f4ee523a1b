using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Ingest;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Backfill;

/// <summary>Gives the items of a historical catalogue IDs of the published codebook, slice by slice, then all slots in one commit.</summary>
public sealed class BackfillStep : IStep
{
    /// <inheritdoc/>
    public StepDescription Description { get; } = new("backfill", "IDs for a historical catalogue, in slices, by several processes")
    {
        About =
        [
            "Reads the catalogue of input.items, such as an archive, and gives an ID of the published codebook to each item that has "
            + "none. Items that the table items has deleted, or has with other content, are left to 'onerec run'. The table items "
            + "does not change.",
            "The catalogue is divided into slices: by a column or an expression (backfill.by), or by ranges of a hash. A slice is "
            + "embedded and encoded, and committed once. The last commit gives all IDs at once, so that they do not depend on the order of "
            + "slices. Until then readers see no new ID.",
            "The same command continues after a kill, and may run several times at once, on one machine or many: each process takes "
            + "slices that no other one has. Nightly runs go on beside it. A slice that fails is told, the others are done, and the step ends "
            + "with exit code 3.",
        ],
        ByNameOnly = true,
        IsShared = true,
        Flags =
        [
            new StepFlag("--from", "backfill.from", "The first slice, such as 2024-01-01.", "SLICE"),
            new StepFlag("--to", "backfill.to", "The last slice, inclusive, such as 2024-06.", "SLICE"),
            new StepFlag("--dry-run", "backfill.dryRun", "Change nothing; show the slices and an estimate."),
        ],
        Inputs = ["input.items", "input.tokens", "input.images", "the model folders in embed.inputs"],
        Reads = ["published", CodebookChoice.Table, "items"],
        Writes =
        [
            new("semantic_ids", OneRecTables.SemanticIds),
            new("item_embeddings", OneRecTables.ItemEmbeddings),
            new("quarantine", _ => OneRecTables.Quarantine()),
        ],
        Options = OptionSection.Of<BackfillOptions>("backfill"),
        OtherSections = ["input"],
        Examples =
        [
            ("onerec backfill --conf my.json --set input.items=archive --dry-run", "Show the slices and how long they would take."),
            ("onerec backfill --conf my.json --set input.items=archive", "Do it; run it again after an interruption."),
            ("onerec backfill --conf my.json --set input.items=archive --set \"backfill.by=substr(added_on, 1, 7)\" --from 2020-01 --to 2023", "Four years, by month."),
        ],
    };

    /// <inheritdoc/>
    /// <exception cref="OneRecException">
    /// Nothing is published (exit 4), the configuration defines another model than the published one (exit 2), or inputs are missing.
    /// </exception>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Codebook codebook = CodebookChoice.Published(context.Engine) ?? throw OneRecException.Table(
            "backfill.unpublished", "published: no codebook is published yet, and backfill gives IDs of the published one; run 'onerec run' first");
        EmbedStep.RequireModelOfPublished(context, EmbedModel.Of(context).Id);
        var plan = new StepPlan(1)
        {
            Codebook = codebook,
            Inputs =
            {
                context.Pin("items"),
                { context.Pin(CodebookChoice.Table), "codebook", codebook.CodebookId },
            },
            Parameters = Identity(context, codebook),
        };
        plan.Inputs.Pin(context.Pin("published"));
        plan.Parameters["backfill_id"] = StableHash.Sha256(CanonicalJson.Write(plan.Parameters))[..12];
        return plan;
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var names = new BackfillNames((string)run.Plan.Parameters["backfill_id"]!);
        BackfillOptions options = run.Options.Section<BackfillOptions>();
        var work = new BackfillWork(run, names, options);
        if (work.IsClosed())
        {
            run.Report($"backfill {names.Id} is complete; nothing to do");
            return options.DryRun ? new StepOutcome(0, [], []) { IsDryRun = true } : work.CleanUp();
        }

        Codebook codebook = run.Plan.Codebook!;
        CodebookTable.Read(run.Engine, run.Input(CodebookChoice.Table).Rows, codebook);
        run.Input("items").Require("ingest");
        var blocks = ItemBlocks.Open(run.Engine.Inputs, run.Options, run.Clock);
        using BackfillSource source = BackfillSource.Open(run, options);
        var problems = new EmbedProblems(run.Engine, run.Options.Input.BadRows);
        problems.AddRows(source.BadRows);
        var slices = new BackfillSlices(run, names, source, codebook, blocks, problems);
        return options.DryRun ? new BackfillForecast(run, names, work.Leases).Tell(source, slices) : work.Do(source, slices, codebook, blocks);
    }

    private static JsonObject Identity(PlanContext context, Codebook codebook)
    {
        OneRecOptions all = context.Options;
        BackfillOptions options = all.Section<BackfillOptions>();
        var sources = new StepPlan(1);
        ItemBlocks.Open(context.Engine.Inputs, all, context.Clock).AddTo(sources);
        var files = new SortedDictionary<string, string>(sources.Inputs.ToDictionary(i => i.Key, i => i.Value), StringComparer.Ordinal);
        foreach ((string name, string version) in ItemCatalogue.Versions(context.Engine.Inputs, all.Input, context.Clock))
        {
            files[name] = version;
        }

        return new JsonObject
        {
            ["codebook_id"] = codebook.CodebookId,
            ["model_id"] = codebook.ModelId,
            ["sources"] = new JsonObject(files.Select(f => KeyValuePair.Create<string, JsonNode?>(f.Key, f.Value))),
            ["catalogue"] = ItemCatalogue.Parameters(all.Input),
            ["version"] = all.Section<IngestOptions>().Version,
            ["embed"] = sources.Parameters.DeepClone(),
            ["by"] = options.By,
            ["sliceItems"] = options.By is null ? options.SliceItems : null,
            ["from"] = options.From,
            ["to"] = options.To,
            ["seed"] = all.Seed,
        };
    }
}
