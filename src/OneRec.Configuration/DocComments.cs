using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OneRec.Configuration;

/// <summary>The doc comments that the compiler wrote next to an assembly (<c>X.xml</c> next to <c>X.dll</c>).</summary>
internal static partial class DocComments
{
    private static readonly Dictionary<Assembly, IReadOnlyDictionary<string, DocComment>> Read = [];

    /// <summary>The comment of a member; empty if it has none or if the file does not exist.</summary>
    public static DocComment Of(MemberInfo? member)
    {
        if (member is null)
        {
            return DocComment.None;
        }

        string id = member is Type type
            ? $"T:{Name(type)}"
            : $"P:{Name(member.DeclaringType!)}.{member.Name}";
        return All(member.Module.Assembly).GetValueOrDefault(id, DocComment.None);
    }

    private static string Name(Type type) => type.FullName!.Replace('+', '.');

    private static IReadOnlyDictionary<string, DocComment> All(Assembly assembly)
    {
        lock (Read)
        {
            if (!Read.TryGetValue(assembly, out IReadOnlyDictionary<string, DocComment>? comments))
            {
                comments = Load(Path.Combine(AppContext.BaseDirectory, assembly.GetName().Name + ".xml"));
                Read[assembly] = comments;
            }

            return comments;
        }
    }

    private static Dictionary<string, DocComment> Load(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        return XDocument.Load(path)
            .Descendants("member")
            .Where(m => m.Attribute("name") is not null)
            .ToDictionary(
                m => m.Attribute("name")!.Value,
                m => new DocComment(Text(m.Element("summary")), Text(m.Element("value"))),
                StringComparer.Ordinal);
    }

    private static string Text(XElement? element)
    {
        var text = new StringBuilder();
        foreach (XNode node in element?.Nodes() ?? [])
        {
            text.Append(node switch
            {
                XText plain => plain.Value,
                XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
                XElement { Name.LocalName: "see" or "seealso" } see => See(see),
                XElement { Name.LocalName: "paramref" } name => name.Attribute("name")?.Value,
                XElement other => Text(other),
                _ => "",
            });
        }

        return Space().Replace(text.ToString(), " ").Trim();
    }

    private static string See(XElement see) =>
        see.Value.Length > 0 ? see.Value
        : see.Attribute("langword")?.Value ?? see.Attribute("href")?.Value
            ?? see.Attribute("cref")?.Value.Split('.', ':')[^1] ?? "";

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}

/// <summary>A doc comment as plain text, one line per element, with code in backquotes.</summary>
/// <param name="Summary">The summary; empty if there is none.</param>
/// <param name="Value">The value; empty if there is none.</param>
internal sealed record DocComment(string Summary, string Value)
{
    /// <summary>An empty comment.</summary>
    public static DocComment None { get; } = new("", "");
}
