using System.Globalization;
using System.Text;
using System.Xml.Linq;
using OneRec.Report.Markup;
using OneRec.Report.Model;

namespace OneRec.Report.Page;

/// <summary>The first two levels of prefixes, to be opened one by one, without a script.</summary>
internal static class TreeSection
{
    // As many as a screen or two show.
    private const int Open = 24;

    // Titles are there to be recognized; whole ones may be pages long.
    private const int MostCharacters = 90;

    /// <summary>Builds the section; null if the tree was left out.</summary>
    public static XElement? Build(ReportModel model) => model.Tree is not { } tree
        ? null
        : Html.Tag(
            "section",
            Html.Attribute("id", "tree"),
            Html.Tag("h2", "Prefixes"),
            Html.Tag(
                "p.why",
                "What the codes mean: each prefix with the words that its items have more often than all others, and its most clicked items. "
                + "Open one to see the prefixes below it. If words of a prefix have nothing to do with each other, the embeddings miss what matters."),
            Html.Tag("div.tree", tree.Prefixes.Take(Open).Select(p => Prefix(p, tree.Prefixes[0].Items))),
            tree.Prefixes.Count <= Open
                ? null
                : Html.Tag(
                    "details.more",
                    Html.Tag("summary", $"{Count(tree.Prefixes.Count - Open, "more prefix", "more prefixes")}"),
                    Html.Tag("div.tree", tree.Prefixes.Skip(Open).Select(p => Prefix(p, tree.Prefixes[0].Items)))),
            tree.More == 0
                ? null
                : Html.Tag(
                    "p.missing",
                    $"{Count(tree.More, "smaller prefix is", "smaller prefixes are")} not shown, with {Count(tree.MoreItems, "item", "items")}: set report.prefixes, or run “onerec prefix CODE”."));

    private static XElement Prefix(PrefixReport prefix, long largest)
    {
        object[] line =
        [
            Html.Tag("code.sid", prefix.Prefix),
            Html.Tag("span.size", Bar.Of((double)prefix.Items / largest), Count(prefix.Items, "item", "items")),
            Words(prefix),
        ];
        object?[] inner =
        [
            Titles(prefix),
            prefix.Children.Count == 0 ? null : Html.Tag("ul.children", prefix.Children.Select(Child)),
            prefix.AllChildren <= prefix.Children.Count
                ? null
                : Html.Tag("p.missing", $"{Count(prefix.AllChildren - prefix.Children.Count, "smaller prefix", "smaller prefixes")} below {prefix.Prefix}"),
        ];
        return Html.Tag("details.prefix", Html.Tag("summary", line), Html.Tag("div.below", inner));
    }

    private static XElement Child(PrefixReport child) => Html.Tag(
        "li",
        Html.Tag("code.sid", child.Prefix),
        Html.Tag("span.size", NumberText.Count(child.Items)),
        Html.Tag("div", Words(child), Titles(child)));

    private static XElement Words(PrefixReport prefix) => prefix.Words.Count == 0
        ? Html.Tag("span.words.missing", "no word tells it apart")
        : Html.Tag("span.words", Separated(prefix.Words));

    private static XElement? Titles(PrefixReport prefix) =>
        prefix.Titles.Count == 0 ? null : Html.Tag("p.titles", Separated(prefix.Titles));

    private static IEnumerable<object> Separated(IReadOnlyList<string> texts) =>
        texts.SelectMany((text, n) => n == 0 ? new object[] { Html.Foreign(Cut(text)) } : [" · ", Html.Foreign(Cut(text))]);

    private static string Count(long count, string one, string many) => $"{NumberText.Count(count)} {(count == 1 ? one : many)}";

    private static string Cut(string text)
    {
        var shown = new StringBuilder();
        int characters = 0;
        TextElementEnumerator elements = StringInfo.GetTextElementEnumerator(text);
        while (elements.MoveNext())
        {
            // A letter may have any number of marks: a thousand of them are no letter.
            string element = elements.GetTextElement();
            if (characters++ == MostCharacters || shown.Length > 8 * MostCharacters)
            {
                return shown.Append('…').ToString();
            }

            shown.Append(element.Length > 16 ? element[..1] : element);
        }

        return shown.ToString();
    }
}
