using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using OneRec.Core;
using OneRec.Report.Markup;
using OneRec.Report.Model;
using OneRec.Report.Page;

namespace OneRec.Report;

/// <summary>
/// The report as one self-contained HTML file: no external resources, no scripts; light and dark, printable.
/// </summary>
public static partial class ReportPage
{
    private const int HeadBytes = 4096;

    /// <summary>Renders the page of a model. The same model gives the same bytes on every machine.</summary>
    /// <returns>HTML5 that is also well-formed XML.</returns>
    public static string Render(ReportModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Html.Write(Html.Tag(
            "html",
            Html.Attribute("lang", "en"),
            Html.Tag(
                "head",
                Html.Tag("meta", Html.Attribute("charset", "utf-8")),
                Meta("onerec-fingerprint", model.Fingerprint),
                Html.Tag("title", $"Semantic IDs · {model.CodebookId}"),
                Html.Tag(
                    "meta",
                    Html.Attribute("http-equiv", "Content-Security-Policy"),
                    Html.Attribute("content", "default-src 'none'; style-src 'unsafe-inline'")),
                Meta("viewport", "width=device-width, initial-scale=1"),
                Meta("color-scheme", "light dark"),
                Meta("generator", model.Product),
                Html.Tag("style", StyleSheet())),
            Html.Tag(
                "body",
                Header(model),
                Html.Tag(
                    "main",
                    GlanceSection.Build(model),
                    ChangeSection.Build(model),
                    ItemsSection.Build(model),
                    AlignmentSection.Build(model),
                    LevelsSection.Build(model),
                    CollisionSection.Build(model),
                    CountsSection.Build(model),
                    ProvenanceSection.Build(model)),
                Html.Tag(
                    "footer",
                    Html.Tag("p", $"{model.Product} · run ", Html.Tag("code.long", model.RunId), " · fingerprint ", Html.Tag("code.long", model.Fingerprint))))));
    }

    /// <summary>Writes a page atomically: readers see the old file or the complete new one.</summary>
    /// <param name="path">The file; missing folders are created.</param>
    /// <param name="page">The page's text.</param>
    /// <exception cref="OneRecException">Configuration error <c>report.unwritable</c>.</exception>
    public static void Write(string path, string page)
    {
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Environment.ProcessId}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllText(temporary, page, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OneRecException.Configuration(
                "report.unwritable",
                $"report.path {full} cannot be written ({e.Message}); set another report.path",
                e);
        }
        finally
        {
            try
            {
                File.Delete(temporary);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Report the first failure, not this one.
            }
        }
    }

    /// <summary>The fingerprint in a page's meta tag; null if there is no report page at the path.</summary>
    /// <exception cref="IOException">The file exists but cannot be read.</exception>
    public static string? FingerprintOf(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        // Only the head: the body contains titles, which could look like the tag.
        byte[] head = new byte[HeadBytes];
        using FileStream file = File.OpenRead(path);
        int read = file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        Match match = FingerprintTag().Match(Encoding.UTF8.GetString(head, 0, read));
        return match.Success ? match.Groups[1].Value : null;
    }

    /// <summary>Refuses a path where a page would replace anything but a page, or lie in a table.</summary>
    /// <exception cref="OneRecException">Configuration error <c>report.path</c>.</exception>
    public static void RequireWritable(string path)
    {
        string full = Path.GetFullPath(path);
        for (string? folder = Path.GetDirectoryName(full); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Path.GetFileName(folder) == "_delta_log" || Directory.Exists(Path.Combine(folder, "_delta_log")))
            {
                throw OneRecException.Configuration(
                    "report.path", $"report.path {full} lies in the table {folder}; set report.path to a file outside of tables");
            }
        }

        bool isPage = !Path.Exists(full) || FingerprintOf(full) is not null;
        if (!isPage)
        {
            throw OneRecException.Configuration(
                "report.path",
                $"report.path {full} exists and is not a report page, so it is not overwritten; set report.path to another file, or remove this one");
        }
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
        Html.Tag(
            "nav",
            Html.Attribute("aria-label", "Sections"),
            Html.Tag(
                "ul",
                Link("glance", "At a glance"),
                Link("changes", "Changes"),
                Link("items", "Items"),
                model.Alignment is null ? null : Link("alignment", "Alignment"),
                Link("levels", "Levels"),
                Link("collisions", "Collisions"),
                !CountsSection.Has(model) ? null : Link("counts", "Counts"),
                Link("provenance", "Provenance"))));

    private static XElement Link(string id, string text) =>
        Html.Tag("li", Html.Tag("a", Html.Attribute("href", "#" + id), text));

    private static XElement Meta(string name, string content) =>
        Html.Tag("meta", Html.Attribute("name", name), Html.Attribute("content", content));

    private static string StyleSheet()
    {
        using Stream sheet = typeof(ReportPage).Assembly.GetManifestResourceStream("OneRec.Report.Page.page.css")!;
        using var reader = new StreamReader(sheet);
        return "\n" + reader.ReadToEnd();
    }

    [GeneratedRegex("""\A<!DOCTYPE html>\s*<html lang="en">\s*<head>\s*<meta charset="utf-8"\s*/>\s*<meta name="onerec-fingerprint" content="([0-9a-f]{64})"\s*/>""")]
    private static partial Regex FingerprintTag();
}
