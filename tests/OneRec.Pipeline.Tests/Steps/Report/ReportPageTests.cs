using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using OneRec.Core;
using OneRec.Report;
using OneRec.Report.Model;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Steps.Report;

public class ReportPageTests
{
    [Fact]
    public void Page_with_hostile_titles_is_well_formed_and_keeps_them_as_text()
    {
        XElement page = Parse(ReportPage.Render(SampleReport.Model(examples: 16)));

        string[] names = [.. page.Descendants("bdi").Select(e => e.Value)];
        foreach (string title in SampleReport.HostileTitles)
        {
            Assert.Contains(Readable(title), names);
        }

        Assert.Empty(page.Descendants().Where(e => e.Name.LocalName is "script" or "img" or "b" or "iframe" or "object"));
        Assert.Single(page.Descendants("h1"));
        Assert.Empty(page.Descendants().Attributes().Where(a => a.Name.LocalName.StartsWith("on", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_is_loaded_from_elsewhere()
    {
        string text = ReportPage.Render(SampleReport.Model());

        XElement page = Parse(text);
        Assert.All(
            page.Descendants().Attributes().Where(a => a.Name.LocalName is "href" or "src"),
            a => Assert.StartsWith("#", a.Value, StringComparison.Ordinal));
        string style = page.Descendants("style").Single().Value;
        Assert.DoesNotContain("@import", style, StringComparison.Ordinal);
        Assert.DoesNotContain("http", style, StringComparison.Ordinal);
        Assert.Empty(page.Descendants().Attributes().Where(a => a.Value.Contains("url(", StringComparison.Ordinal) && !a.Value.StartsWith("url(#", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_number_of_the_model_is_there_exactly()
    {
        ReportModel model = SampleReport.Model();
        XElement page = Parse(ReportPage.Render(model));
        HashSet<double> shown = [.. page.Descendants("data").Select(e => double.Parse(e.Attribute("value")!.Value, CultureInfo.InvariantCulture))];

        var wanted = new List<double>
        {
            model.NewIds, model.Publication!.Generation, model.Collisions.Items, model.Collisions.UniqueSids,
            model.Collisions.SharedItems, model.Collisions.LargestBucket, model.Collisions.Rate, model.Collisions.SharedShare,
            model.Previous!.Utilization!.Value, model.Previous.CollisionRate!.Value, model.Previous.RelativeError!.Value,
        };
        foreach (LevelReport level in model.Levels)
        {
            wanted.AddRange(
            [
                level.Level, level.Codes, level.Error!.Value, level.RelativeError!.Value, level.Utilization!.Value,
                level.Entropy!.Value, level.MaximumEntropy, level.Perplexity!.Value, level.Usage.Max(),
                level.InSampleNeighbours!.Value, level.HeldOutNeighbours!.Value, level.NeighbourChance!.Value,
                level.Usage.Count(c => c > 0),
            ]);
            wanted.AddRange(level.Objective.Select(p => p.Value));
            wanted.AddRange(level.Objective.Select(p => (double)p.Iteration));
        }

        wanted.AddRange(model.Evaluations.SelectMany(e => new[] { e.Utilization, e.CollisionRate, e.RelativeError, e.Neighbours }).OfType<double>());
        wanted.AddRange(model.Collisions.Crowded.Select(c => (double)c.Items));
        wanted.AddRange(model.Collisions.Buckets.Take(11).Select(b => (double)b.Sids));
        wanted.AddRange(model.Examples.SelectMany(e => e.BySwing).Select(n => n.Score));
        wanted.AddRange(model.Examples.Select(e => (double)e.Item.Slot!.Value));
        wanted.AddRange(model.Refused.Select(r => (double)r.Rows));
        wanted.AddRange(model.Provenance.Tables.Where(t => t.Version is not null).Select(t => (double)t.Version!.Value));
        wanted.AddRange(model.Provenance.Steps.Select(s => (double)s.Rows));
        Assert.Empty(wanted.Where(value => !shown.Contains(value)));
    }

    [Theory]
    [InlineData(true, "678 pairs that users clicked in the held-out part of the log have the same first code", "43.0\u00A0%")]
    [InlineData(false, "12,345 Swing neighbours in the whole log have the same first code", "61.0\u00A0%")]
    public void Agreement_with_clicks_is_measured_over_all_neighbours_and_not_over_those_shown(bool heldOut, string text, string share)
    {
        // The examples that are shown would give another share.
        ReportModel model = SampleReport.Model();
        model = heldOut ? model : model with { Levels = [.. model.Levels.Select(l => l with { HeldOutNeighbours = null, HeldOutPairs = null })] };
        XElement tile = Parse(ReportPage.Render(model)).Descendants("div").Single(e => e.Element("h3")?.Value == "Agrees with clicks");
        Assert.Contains(text, tile.Value, StringComparison.Ordinal);
        Assert.Equal(share, tile.Elements("p").First().Value);
        Assert.Contains(heldOut ? "Measured held out." : "Measured in sample", tile.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 0)]
    [InlineData(3, 4)]
    [InlineData(5, 4)]
    public void Measures_are_lines_over_time_from_three_evaluations_on(int evaluations, int plots)
    {
        ReportModel model = SampleReport.Model();
        model = model with { Evaluations = [.. model.Evaluations.TakeLast(evaluations)] };
        XElement page = Parse(ReportPage.Render(model));
        XElement? trend = page.Descendants("section").SingleOrDefault(s => s.Attribute("id")?.Value == "trend");
        Assert.Equal(plots, trend?.Descendants().Count(e => e.Name.LocalName == "svg") ?? 0);
        Assert.Equal(plots > 0, page.Descendants("a").Any(a => a.Attribute("href")?.Value == "#trend"));
        if (trend is not null)
        {
            Assert.Contains($"The newest {evaluations} evaluations", trend.Value, StringComparison.Ordinal);
            Assert.Contains(", of 2 codebooks; a step in a line is a retrain.", trend.Value, StringComparison.Ordinal);
            Assert.Equal(["night-2", "night-3", "night-4"], trend.Descendants("code").Select(c => c.Value).Where(c => c.StartsWith("night", StringComparison.Ordinal)).TakeLast(3));
        }
    }

    [Fact]
    public void Every_word_of_provenance_is_there()
    {
        ReportModel model = SampleReport.Model();
        string text = Parse(ReportPage.Render(model)).Value;

        IEnumerable<string> wanted =
        [
            model.RunId, model.CodebookId, model.ModelId, model.Product, model.Fingerprint, model.Previous!.RunId,
            model.Previous.CodebookId, "2026-11-24 18:47\u00A0UTC",
            .. model.Provenance.Tables.Select(t => t.Name),
            .. model.Provenance.Steps.SelectMany(s => new[] { s.Step, s.Fingerprint, s.CodeVersion, $"seed {s.Seed}" }),
            .. model.Provenance.Steps.SelectMany(s => s.Inputs.Concat(s.Parameters)).SelectMany(p => new[] { p.Key, p.Value }),
            .. model.Refused.SelectMany(r => new[] { r.Step, r.Reason }),
            .. model.Provenance.Steps.SelectMany(s => s.Facts).SelectMany(f => new[] { f.Key, f.Value }),
            "812\u00A0ms", "3.41\u00A0s", "3\u00A0min 25\u00A0s",
        ];
        Assert.All(wanted, word => Assert.Contains(word, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Shared_prefix_is_marked_and_nothing_else()
    {
        ReportModel model = SampleReport.Model(examples: 1) with
        {
            Examples =
            [
                new ExampleReport(
                    new ReportItem("1", "one", "12-7-99", 0),
                    [
                        new SwingNeighbour(new ReportItem("2", "all", "12-7-99", 1), 1, 3),
                        new SwingNeighbour(new ReportItem("3", "two codes", "12-7-9", 0), 0.5, 3),
                        new SwingNeighbour(new ReportItem("4", "first code only looks alike", "1-7-99", 0), 0.4, 3),
                        new SwingNeighbour(new ReportItem("5", "middle only", "3-7-99", 0), 0.3, 3),
                    ],
                    [new ReportItem("6", "one code", "12-70-99", 0)]),
            ],
        };

        XElement card = Parse(ReportPage.Render(model)).Descendants("article").Single(e => e.Attribute("class")!.Value == "card");
        string[] ids = [.. card.Descendants("td").Where(e => e.Attribute("class")!.Value == "id").Select(e => string.Concat(e.Descendants("code").Single().Nodes()))];
        Assert.Equal(
            ["<mark>12-7-99</mark>", "<mark>12-7</mark>-9", "1-7-99", "3-7-99", "<mark>12</mark>-70-99"],
            ids);
    }

    [Fact]
    public void Ids_are_unique_and_references_lead_somewhere()
    {
        XElement page = Parse(ReportPage.Render(SampleReport.Model(levels: 4)));

        string[] ids = [.. page.Descendants().Attributes("id").Select(a => a.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        IEnumerable<string> references =
        [
            .. page.Descendants().Attributes("href").Select(a => a.Value[1..]),
            .. page.Descendants().Attributes("aria-labelledby").SelectMany(a => a.Value.Split(' ')),
            .. page.Descendants().Attributes("clip-path").Select(a => a.Value["url(#".Length..^1]),
        ];
        Assert.All(references, reference => Assert.Contains(reference, ids));
        Assert.Equal(12, page.Descendants("svg").Count());
    }

    [Fact]
    public void Tables_and_plots_speak_to_those_who_do_not_see_them()
    {
        XElement page = Parse(ReportPage.Render(SampleReport.Model()));

        Assert.All(page.Descendants("th"), th => Assert.Contains(th.Attribute("scope")?.Value, new[] { "col", "row", "rowgroup" }));
        Assert.All(page.Descendants("table"), table => Assert.NotEqual("", table.Element("caption")?.Value ?? ""));
        Assert.All(page.Descendants("svg"), svg =>
        {
            Assert.Equal("img", svg.Attribute("role")?.Value);
            Assert.NotEqual("", svg.Element("title")!.Value);
            Assert.NotEqual("", svg.Element("desc")!.Value);
        });
        int depth = 0;
        foreach (XElement heading in page.Descendants().Where(e => e.Name.LocalName is "h1" or "h2" or "h3" or "h4" or "h5"))
        {
            int level = heading.Name.LocalName[1] - '0';
            Assert.True(level <= depth + 1, $"{heading} skips a level");
            depth = level;
        }
    }

    [Fact]
    public void Same_model_gives_the_same_bytes()
    {
        Assert.Equal(ReportPage.Render(SampleReport.Model()), ReportPage.Render(SampleReport.Model()));
    }

    [Fact]
    public void Plots_hold_no_colour_and_no_font_of_their_own()
    {
        XElement page = Parse(ReportPage.Render(SampleReport.Model()));

        Assert.All(page.Descendants("svg").Descendants().Attributes(), attribute =>
        {
            Assert.DoesNotContain(attribute.Name.LocalName, new[] { "font-family", "font-size", "style" });
            Assert.False(
                attribute.Name.LocalName is "fill" or "stroke" && attribute.Value != "none",
                $"{attribute} would not follow the colour scheme");
        });
    }

    [Fact]
    public void Fingerprint_is_read_back()
    {
        using var folder = new ScratchFolder();
        string path = folder["deep/er/report.html"];
        Assert.Null(PageFile.FingerprintOf(path));

        new PageFile(path, "report.path").Write(ReportPage.Render(SampleReport.Model()));

        Assert.Equal(SampleReport.Fingerprint, PageFile.FingerprintOf(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_page_of_others_has_no_fingerprint()
    {
        using var folder = new ScratchFolder();
        string path = folder["report.html"];
        File.WriteAllText(path, $"<p>&lt;meta name=\"onerec-fingerprint\" content=\"{SampleReport.Fingerprint}\"&gt;</p><meta name=\"onerec-fingerprint\" content=\"{SampleReport.Fingerprint}\">");
        Assert.Null(PageFile.FingerprintOf(path));
        File.WriteAllText(path, "");
        Assert.Null(PageFile.FingerprintOf(path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_told_with_the_option()
    {
        using var folder = new ScratchFolder();
        File.WriteAllText(folder["file"], "");
        string path = Path.Combine(folder["file"], "report.html");

        OneRecException e = Assert.Throws<OneRecException>(() => new PageFile(path, "report.path").Write("x"));

        Assert.Equal((ErrorKind.Configuration, "page.unwritable"), (e.Kind, e.Code));
        Assert.StartsWith($"report.path {path} cannot be written (", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("); set another report.path", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_the_page_s_place_is_told_and_leaves_nothing_behind()
    {
        using var folder = new ScratchFolder();
        Directory.CreateDirectory(folder["report.html"]);

        OneRecException e = Assert.Throws<OneRecException>(() => new PageFile(folder["report.html"], "report.path").Write("x"));

        Assert.Equal("page.unwritable", e.Code);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void What_was_not_measured_is_said()
    {
        ReportModel model = SampleReport.Model() with
        {
            Levels = [new LevelReport(0, 4), new LevelReport(1, 4) { Objective = [new ObjectivePoint(0, 0.5)] }],
            Publication = null,
            Previous = null,
            Evaluations = [],
            Examples = [],
            Refused = [],
            Collisions = new CollisionReport(0, 0, 0, 0),
            Provenance = new ProvenanceReport([], []),
        };

        XElement page = Parse(ReportPage.Render(model));

        Assert.Empty(page.Descendants("svg"));
        Assert.Contains("The training of this codebook is not recorded.", page.Value, StringComparison.Ordinal);
        Assert.Contains("Only one iteration: nothing to plot.", page.Value, StringComparison.Ordinal);
        Assert.Contains("No items to show", page.Value, StringComparison.Ordinal);
        Assert.Contains("Nothing is published yet", page.Value, StringComparison.Ordinal);
        Assert.Contains("not measured", page.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page.Value, StringComparison.Ordinal);
    }

    internal static XElement Parse(string page)
    {
        using var reader = XmlReader.Create(new StringReader(page), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        return XElement.Load(reader, LoadOptions.PreserveWhitespace);
    }

    // What a page can hold of a title: the characters that XML forbids become U+FFFD.
    private static string Readable(string title) => string.Concat(
        title.EnumerateRunes().Select(r => r.Value is 0 or 7 or 0xFFFE ? "\uFFFD" : r.ToString()));
}
