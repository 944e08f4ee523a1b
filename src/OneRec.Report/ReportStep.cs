using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Report.Model;
using OneRec.Report.Page;
using OneRec.Report.Reading;

namespace OneRec.Report;

/// <summary>Makes the page that tells how good the IDs are. It writes a file and no table; the file carries the fingerprint.</summary>
public sealed class ReportStep : IStep, IMarkedStep
{
    private const int Algorithm = 1;

    private static readonly string[] Inputs =
        ["semantic_ids", "quality", "items", "item_similarity", "published", "codebooks"];

    /// <inheritdoc/>
    public string Name => "report";

    /// <inheritdoc/>
    public StepPlan Plan(StepContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var plan = new StepPlan("report", Algorithm) { Parameters = new JsonObject { ["items"] = context.Options.Section<ReportOptions>().Items } };
        foreach (string table in Inputs)
        {
            plan.Inputs[table] = context.VersionOf(table);
        }

        return plan;
    }

    /// <inheritdoc/>
    public string? FingerprintOfResult(OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return ReportPage.FingerprintOf(options.Section<ReportOptions>().Path);
    }

    /// <inheritdoc/>
    public string ResultPath(OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Path.GetFullPath(options.Section<ReportOptions>().Path);
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepContext context, StepPlan plan)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(plan);
        ReportModel model = new ReportReader(context).Read(plan.Fingerprint(Name));
        context.Cancellation.ThrowIfCancellationRequested();
        ReportPage.Write(context.Options.Section<ReportOptions>().Path, ReportPage.Render(model));
        return new StepOutcome(
            0,
            [],
            [
                new Fact("page", Path.GetFullPath(context.Options.Section<ReportOptions>().Path)),
                new Fact("codebook", model.CodebookId),
                new Fact("items that share their ID", NumberText.Percent(model.Collisions.SharedShare).Replace('\u00A0', ' ')),
            ]);
    }
}
