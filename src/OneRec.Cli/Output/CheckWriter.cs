using System.Text.Json.Nodes;
using OneRec.Pipeline.Queries;

namespace OneRec.Cli.Output;

/// <summary>Writes the facts of <c>check</c>: text by section, one JSON object per section in an object, or CSV of three columns.</summary>
internal static class CheckWriter
{
    /// <summary>Writes facts in order.</summary>
    public static void Write(IReadOnlyList<CheckFact> facts, OutputFormat format, TextWriter writer)
    {
        switch (format)
        {
            case OutputFormat.Json:
                var sections = new JsonObject();
                foreach (IGrouping<string, CheckFact> section in facts.GroupBy(f => f.Section))
                {
                    sections[section.Key] = new JsonObject(
                        section.Select(f => KeyValuePair.Create(f.Key, f.Value?.DeepClone())));
                }

                writer.WriteLine(sections.ToJsonString(JsonText.Indented));
                break;
            case OutputFormat.Csv:
                CsvWriter.WriteLine(writer, ["section", "name", "value"]);
                foreach (CheckFact fact in facts)
                {
                    CsvWriter.WriteLine(writer, [fact.Section, fact.Key, fact.Text]);
                }

                break;
            default:
                int width = facts.Select(f => f.Key.Length).DefaultIfEmpty(0).Max();
                foreach (IGrouping<string, CheckFact> section in facts.GroupBy(f => f.Section))
                {
                    writer.WriteLine(section.Key);
                    foreach (CheckFact fact in section)
                    {
                        writer.WriteLine($"  {fact.Key.Replace('_', ' ').PadRight(width)}  {Printable.Line(fact.Text)}");
                    }
                }

                break;
        }
    }
}
