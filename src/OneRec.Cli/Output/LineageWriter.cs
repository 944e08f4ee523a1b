using System.Text.Json.Nodes;
using OneRec.Pipeline.Queries.Describe;

namespace OneRec.Cli.Output;

/// <summary>Writes what describe, explain, prefix and diff tell: sections with a line or more per fact; a JSON object; or CSV with a row per value.</summary>
internal static class LineageWriter
{
    // Captions and tags can be long; JSON and CSV have all of them.
    private const int LineWidth = 200;

    /// <summary>Writes lineages of items in order.</summary>
    public static void Write(IReadOnlyList<Lineage> lineages, OutputFormat format, TextWriter writer) =>
        Write(lineages, format, writer, ("item", "item_id", "items"));

    /// <summary>Writes what a prefix holds, in the same forms.</summary>
    public static void WritePrefix(Lineage prefix, OutputFormat format, TextWriter writer) =>
        Write([prefix], format, writer, ("prefix", "prefix", "prefixes"));

    /// <summary>Writes what changed between two versions of the IDs; JSON is one object.</summary>
    public static void WriteDiff(Lineage diff, OutputFormat format, TextWriter writer)
    {
        if (format == OutputFormat.Json)
        {
            writer.WriteLine(Json(diff, "diff").ToJsonString(JsonText.Indented));
            return;
        }

        Write([diff], format, writer, ("diff", "diff", "diffs"));
    }

    private static void Write(IReadOnlyList<Lineage> lineages, OutputFormat format, TextWriter writer, (string One, string Key, string Many) of)
    {
        switch (format)
        {
            case OutputFormat.Json:
                writer.WriteLine(new JsonObject { [of.Many] = new JsonArray([.. lineages.Select(l => Json(l, of.Key))]) }.ToJsonString(JsonText.Indented));
                break;
            case OutputFormat.Csv:
                CsvWriter.WriteLine(writer, [of.Key, "section", "name", "value"]);
                foreach (Lineage lineage in lineages)
                {
                    WriteCsv(lineage, writer);
                }

                break;
            default:
                for (int i = 0; i < lineages.Count; i++)
                {
                    writer.Write(i == 0 ? "" : "\n");
                    WriteText(lineages[i], of.One, writer);
                }

                break;
        }
    }

    private static void WriteText(Lineage lineage, string kind, TextWriter writer)
    {
        writer.WriteLine(Shown($"{kind} {Text(lineage.Item)}: {lineage.Headline}"));
        int width = lineage.Sections.SelectMany(s => s.Facts).Max(f => f.Name.Length);
        foreach (LineageSection section in lineage.Sections)
        {
            writer.WriteLine();
            writer.WriteLine(section.Name);
            foreach (LineageFact fact in section.Facts)
            {
                string name = fact.Name.Replace('_', ' ');
                foreach (string line in fact.Lines)
                {
                    writer.WriteLine($"  {name.PadRight(width)}  {Shown(line)}".TrimEnd());
                    name = "";
                }
            }
        }
    }

    private static JsonObject Json(Lineage lineage, string key)
    {
        var json = new JsonObject { [key] = lineage.Item.DeepClone() };
        foreach (LineageSection section in lineage.Sections)
        {
            json[section.Name] = new JsonObject(section.Facts.Select(f => KeyValuePair.Create(f.Name, f.Value?.DeepClone())));
        }

        return json;
    }

    private static void WriteCsv(Lineage lineage, TextWriter writer)
    {
        string item = Text(lineage.Item)!;
        foreach (LineageSection section in lineage.Sections)
        {
            foreach ((string name, string? value) in section.Facts.SelectMany(f => Values(f.Name, f.Value)))
            {
                CsvWriter.WriteLine(writer, [item, section.Name, name, value]);
            }
        }
    }

    // A row per value: inputs.items of an object, published[0].generation of a list of objects. Other lists stay JSON.
    private static IEnumerable<(string Name, string? Value)> Values(string name, JsonNode? value) => value switch
    {
        JsonObject { Count: > 0 } parts => parts.SelectMany(p => Values($"{name}.{p.Key}", p.Value)),
        JsonArray { Count: > 0 } rows when rows.All(r => r is JsonObject) => rows.SelectMany((r, i) => Values($"{name}[{i}]", r)),
        _ => [(name, Text(value))],
    };

    private static string? Text(JsonNode? value) => value switch
    {
        null => null,
        JsonValue text when text.TryGetValue(out string? plain) => plain,
        _ => value.ToJsonString(JsonText.Compact),
    };

    private static string Shown(string line)
    {
        string text = Printable.Line(line.Length > LineWidth ? line[..(LineWidth + 1)] : line);
        if (text.Length <= LineWidth)
        {
            return text;
        }

        int end = LineWidth - 3;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)] + "...";
    }
}
