using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;
using OneRec.Report.Page;

namespace OneRec.Report;

/// <summary>The report as one self-contained HTML file.</summary>
public static class ReportPage
{
    /// <summary>Renders the page of a model. The same model gives the same bytes on every machine.</summary>
    /// <returns>HTML5 that is also well-formed XML.</returns>
    public static string Render(ReportModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Shell.Write(
            $"Semantic IDs · {model.CodebookId}",
            model.Fingerprint,
            model.Product,
            Header(model),
            Html.Tag(
                "main",
                GlanceSection.Build(model),
                ChangeSection.Build(model),
                TrendSection.Build(model),
                TreeSection.Build(model),
                ItemsSection.Build(model),
                AlignmentSection.Build(model),
                LevelsSection.Build(model),
                CollisionSection.Build(model),
                CountsSection.Build(model),
                ProvenanceSection.Build(model)),
            Html.Tag(
                "footer",
                Html.Tag("p", $"{model.Product} · run ", Html.Tag("code.long", model.RunId), " · fingerprint ", Html.Tag("code.long", model.Fingerprint))));
    }

    private static XElement Header(ReportModel model) => Html.Tag(
        "header",
        Html.Tag("h1", "Semantic IDs"),
        Html.Tag(
            "p.about",
            "Codebook ",
            Html.Tag("code", model.CodebookId),
            " on model ",
            Html.Tag("code", model.ModelId),
            model.Publication switch
            {
                null => " · not published",
                { } p when p.CodebookId == model.CodebookId => $" · published as generation {NumberText.Count(p.Generation)}",
                _ => " · not the published codebook",
            },
            $" · generated {NumberText.Moment(model.GeneratedAt)} by run ",
            Html.Tag("code", model.RunId)),
        Shell.Contents(
            ("glance", "At a glance"),
            ("changes", "Changes"),
            !TrendSection.Has(model) ? null : ("trend", "Trend"),
            model.Tree is null ? null : ("tree", "Prefixes"),
            ("items", "Items"),
            model.Alignment is null ? null : ("alignment", "Alignment"),
            ("levels", "Levels"),
            ("collisions", "Collisions"),
            !CountsSection.Has(model) ? null : ("counts", "Counts"),
            ("provenance", "Provenance")));
}
