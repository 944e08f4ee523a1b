using System.Globalization;
using OneRec.Core;
using OneRec.Pipeline.Compare;
using OneRec.Pipeline.Running;
using OneRec.Report.Markup;
using OneRec.Report.Page;

namespace OneRec.Report;

/// <summary>A comparison of IDs and embeddings as one self-contained HTML file.</summary>
public static class ComparePage
{
    /// <summary>Renders the page of a comparison.</summary>
    /// <param name="found">The comparison.</param>
    /// <param name="generatedAt">When it was made.</param>
    /// <returns>HTML5 that is also well-formed XML.</returns>
    public static string Render(Comparison found, DateTimeOffset generatedAt)
    {
        ArgumentNullException.ThrowIfNull(found);
        string product = "OneRec.Spark " + CodeVersion.Text;
        return Shell.Write(
            "Semantic IDs compared",
            StableHash.Sha256(generatedAt.ToString("O", CultureInfo.InvariantCulture)),
            product,
            Html.Tag(
                "header",
                Html.Tag("h1", "Semantic IDs compared"),
                Html.Tag("p.about", $"generated {NumberText.Moment(generatedAt)}"),
                Shell.Contents(
                    found.Ids.Sets.Count == 0 ? null : ("ids", "IDs"),
                    found.Embeddings.Sets.Count == 0 ? null : ("embeddings", "Embeddings"))),
            Html.Tag(
                "main",
                Html.Tag(
                    "dl.numbers",
                    found.Facts.Select(f => Html.Tag("div", Html.Tag("dt", f.Name), Html.Tag("dd", Figure.Count(f.Value))))),
                CompareSection.Ids(found.Ids),
                CompareSection.Embeddings(found.Embeddings)),
            Html.Tag("footer", Html.Tag("p", product)));
    }
}
