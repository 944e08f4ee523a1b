using System.Text.Json;
using OneRec.Core;

namespace OneRec.Cli.Output;

/// <summary>Writes facts to standard output: text lines, one JSON object, or CSV of two columns.</summary>
internal static class FactsWriter
{
    /// <summary>Writes facts in order.</summary>
    public static void Write(IReadOnlyList<Fact> facts, OutputFormat format, TextWriter writer)
    {
        switch (format)
        {
            case OutputFormat.Json:
                using (var buffer = new MemoryStream())
                {
                    JsonWriterOptions options = ArrowCell.Json;
                    options.Indented = true;
                    using (var json = new Utf8JsonWriter(buffer, options))
                    {
                        json.WriteStartObject();
                        foreach (Fact fact in facts)
                        {
                            WriteJson(json, fact);
                        }

                        json.WriteEndObject();
                    }

                    writer.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
                }

                break;
            case OutputFormat.Csv:
                CsvWriter.WriteLine(writer, ["name", "value"]);
                foreach (Fact fact in facts)
                {
                    CsvWriter.WriteLine(writer, [fact.Name, fact.Value]);
                }

                break;
            default:
                int width = facts.Select(f => f.Name.Length).DefaultIfEmpty(0).Max();
                foreach (Fact fact in facts)
                {
                    writer.WriteLine($"{fact.Name.PadRight(width)}  {Printable.Line(fact.Value)}");
                }

                break;
        }
    }

    /// <summary>Writes a fact as a member of a JSON object: what programs read of it, else its text.</summary>
    public static void WriteJson(Utf8JsonWriter json, Fact fact)
    {
        json.WritePropertyName(fact.Name);
        if (fact.Json is { } value)
        {
            value.WriteTo(json);
        }
        else
        {
            json.WriteStringValue(fact.Value);
        }
    }
}
