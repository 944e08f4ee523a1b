using System.Globalization;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Backfill;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Steps.Maintain;

/// <summary>
/// Keeps tables small: removes codebooks that are not retained, merges small files, and removes files and commits that no
/// version within the retention needs.
/// </summary>
/// <param name="tables">All tables of the program.</param>
public sealed class MaintainStep(IReadOnlyList<string> tables) : IStep
{
    /// <inheritdoc/>
    public StepDescription Description { get; } = new("maintain", "keep the tables small: compact, clean up, remove old codebooks")
    {
        About =
        [
            "Merges small data files, writes checkpoints, and removes data files and commits that no version within the "
            + "retention needs. Codebooks beyond retention.codebooks go, with their IDs and the embeddings of models that no "
            + "codebook uses any more; the published codebook, the ones published before it and the newest one stay.",
            "With retention.deletedDays, items that were deleted so long ago are purged: their texts and embeddings go, and their "
            + "IDs no longer name them. Each is shown.",
            "With --dry-run, nothing changes, and what would go is shown.",
        ],
        ByNameOnly = true,
        Flags = [new StepFlag("--dry-run", "maintain.dryRun", "Change nothing; show what would go.")],
        Options = OptionSection.Of<MaintainOptions>("maintain"),
        OtherSections = ["retention"],
        Reads = ["published"],
        Writes =
        [
            new("semantic_ids", OneRecTables.SemanticIds),
            new(CodebookChoice.Table, _ => OneRecTables.Codebooks()),
            new("item_embeddings", OneRecTables.ItemEmbeddings),
            new("items", OneRecTables.Items),
        ],
        Result = "all tables, with fewer and larger files",
        Examples =
        [
            ("onerec maintain --conf my.json", "After the nightly run."),
            ("onerec maintain --conf my.json --dry-run", "Show what would go."),
            ("onerec maintain --conf my.json --set retention.days=2", "Free the disk earlier."),
        ],
    };

    /// <inheritdoc/>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var plan = new StepPlan(1) { Parameters = { ["newest"] = context.Engine.Tables.NewestCommit(CodebookChoice.Table, "train")?.Note.Result } };
        plan.Inputs.Add(context.Pin("published"));
        return plan;
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        RetentionSection retention = run.Options.Retention;
        bool dryRun = run.Options.Section<MaintainOptions>().DryRun;
        OldCodebooks old = OldCodebooks.Find(run, (string?)run.Plan.Parameters["newest"]);
        using Purge? purge = Purge.Find(run);
        IReadOnlyList<TableVersion> versions = dryRun ? [] : [.. old.Remove(run), .. purge?.Do(run) ?? []];
        old.Report(run, dryRun);
        purge?.Report(run, dryRun);
        long staged = RemoveStaging(run, dryRun);
        RemoveKilledRuns(run, dryRun);
        var plan = new UpkeepPlan(TimeSpan.FromDays(retention.Days), TimeSpan.FromDays(retention.LogDays), dryRun)
        {
            Checkpoint = purge is { Count: > 0 },
        };
        var sum = new UpkeepOutcome(0, 0, 0, 0, 0);
        foreach (string table in tables)
        {
            run.Cancellation.ThrowIfCancellationRequested();
            if (run.Upkeep.Maintain(table, plan, run.Note()) is { } outcome)
            {
                Report(run, table, outcome, dryRun);
                sum = new UpkeepOutcome(
                    sum.Merged + outcome.Merged, sum.Written + outcome.Written, sum.DataFiles + outcome.DataFiles, sum.DataBytes + outcome.DataBytes, sum.LogFiles + outcome.LogFiles);
            }
        }

        return new StepOutcome(
            0,
            versions,
            [
                Fact.Of("codebooks removed", old.Codebooks.Count),
                .. purge is null ? [] : new[] { Fact.Of("items purged", purge.Count) },
                .. staged == 0 ? [] : new[] { Fact.Of("backfills given up", staged) },
                Fact.Of("files merged", sum.Merged),
                Fact.Of("files removed", sum.DataFiles),
                new Fact("disk freed", MemorySize.Format(sum.DataBytes)) { Json = sum.DataBytes },
                Fact.Of("log files removed", sum.LogFiles),
            ])
        {
            IsDryRun = dryRun,
        };
    }

    // Staged codes of backfills that nobody has continued for as long as files are kept.
    private static long RemoveStaging(StepRun run, bool dryRun)
    {
        DateTimeOffset before = run.Clock.GetUtcNow() - TimeSpan.FromDays(run.Options.Retention.Days);
        string[] old = [.. run.Upkeep.TablesIn(StepRun.StagingFolder).Where(table => run.Upkeep.ChangedBefore(table, before))];
        foreach (string table in old)
        {
            run.Report($"{table}: codes of a backfill that was not finished {(dryRun ? "would be removed" : "removed")}; its embeddings stay");
            if (!dryRun)
            {
                run.Upkeep.Drop(table);
                run.Checkpoints.Clear(BackfillNames.OfTable(table).Leases);
            }
        }

        return old.Length;
    }

    // Entries of runs that were killed so long ago that nobody will ask.
    private static void RemoveKilledRuns(StepRun run, bool dryRun)
    {
        DateTimeOffset before = run.Clock.GetUtcNow() - TimeSpan.FromDays(run.Options.Retention.LogDays);
        foreach (RunEntry entry in RunJournal.Read(run.Checkpoints).Where(e => e.StepStartedAt < before && e.RunId != run.RunId))
        {
            run.Report($"run {entry.RunId}: it was killed at step {entry.Step}; its entry {(dryRun ? "would be removed" : "is removed")}");
            if (!dryRun)
            {
                RunJournal.Remove(run.Checkpoints, entry);
            }
        }
    }

    private static void Report(StepRun run, string table, UpkeepOutcome outcome, bool dryRun)
    {
        string would = dryRun ? "would be " : "";
        string size = outcome.DataBytes > 0 ? $" ({MemorySize.Format(outcome.DataBytes)})" : "";
        (long Count, string Part)[] all =
        [
            (outcome.Merged, Line($"{outcome.Merged:N0} small files {would}merged into {outcome.Written:N0}")),
            (outcome.DataFiles, Line($"{outcome.DataFiles:N0} files {would}removed{size}")),
            (outcome.LogFiles, Line($"{outcome.LogFiles:N0} commits and checkpoints {would}removed")),
        ];
        string[] parts = [.. all.Where(p => p.Count > 0).Select(p => p.Part)];
        if (parts.Length > 0)
        {
            run.Report($"{table}: {string.Join(", ", parts)}");
        }
    }

    private static string Line(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Section <c>maintain</c>.</summary>
public sealed record MaintainOptions : IOptionSection
{
    /// <summary>Whether to change nothing and only show what would go, as <c>--dry-run</c>.</summary>
    /// <value>Default false.</value>
    public bool DryRun { get; init; }

    /// <inheritdoc/>
    public void Validate(Problems problems) => ArgumentNullException.ThrowIfNull(problems);
}
