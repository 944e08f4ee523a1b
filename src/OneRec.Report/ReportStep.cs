using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Report.Markup;
using OneRec.Report.Model;
using OneRec.Report.Reading;

namespace OneRec.Report;

/// <summary>
/// Writes the report page on the quality of the IDs. It writes a file, not a table; the file holds the fingerprint.
/// </summary>
public sealed class ReportStep : IStep
{
    private const int Algorithm = 5;

    /// <inheritdoc/>
    public StepDescription Description { get; } = new("report", "one HTML page: quality, code usage, items and their neighbours")
    {
        About =
        [
            "A self-contained page: the training objective, code usage, prefixes with the words that tell them apart, items by title with their "
            + "neighbours by Swing and by ID prefix, rows in quarantine, and the provenance of all results.",
        ],
        Inputs = ["the record of the aligned model in models"],
        Reads = [.. ReportReader.Tables],
        Result = "the page report.path",
        Options = OptionSection.Of<ReportOptions>("report"),
        Examples = [("onerec report --conf my.json --set report.path=/tmp/report.html", "Write the page somewhere else.")],
    };

    /// <inheritdoc/>
    public void RequireInputs(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Page(context.Options).RequireWritable();
    }

    /// <inheritdoc/>
    public StepPlan Plan(PlanContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var plan = new StepPlan(Algorithm)
        {
            Parameters = new JsonObject
            {
                ["items"] = context.Options.Section<ReportOptions>().Items,
                ["prefixes"] = context.Options.Section<ReportOptions>().Prefixes,
            },
        };
        foreach (string table in ReportReader.Tables)
        {
            if (table == "runs")
            {
                // Each run of this step adds a row to the table, so only the rows of other steps count.
                plan.Inputs.Add(context.Pin(table), table, context.RunsWithout(Description.Name));
            }
            else
            {
                plan.Inputs.Add(context.Pin(table, ReportReader.MakerOf(table)));
            }
        }

        // What align recorded beside a model is not in a table.
        plan.Inputs.Add("models", StableHash.Sha256(string.Join(
            '\n', AlignedModel.In(context.Options.Models).Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Id} {m.MadeAt.Ticks}")))));
        return plan;
    }

    /// <inheritdoc/>
    public string? ResultPath(OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Page(options).Path;
    }

    /// <inheritdoc/>
    public string? ResultFingerprint(OneRecOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return PageFile.FingerprintOf(Page(options).Path);
    }

    /// <inheritdoc/>
    public StepOutcome Run(StepRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        ReportOptions options = run.Options.Section<ReportOptions>();
        ReportModel model = new ReportReader(run).Read(run.Fingerprint, options.Items, options.Prefixes);
        run.Cancellation.ThrowIfCancellationRequested();
        PageFile page = Page(run.Options);
        page.RequireWritable();
        page.Write(ReportPage.Render(model));
        return new StepOutcome(
            0,
            [],
            [
                new Fact("page", page.Path),
                new Fact("codebook", model.CodebookId),
                Fact.Of("items that share their ID", model.Collisions.SharedShare, NumberText.Percent(model.Collisions.SharedShare).Replace('\u00A0', ' ')),
            ]);
    }

    private static PageFile Page(OneRecOptions options) => new(Path.GetFullPath(options.Section<ReportOptions>().Path), "report.path");
}
