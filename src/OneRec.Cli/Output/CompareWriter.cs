using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Pipeline.Compare;

namespace OneRec.Cli.Output;

/// <summary>Writes a comparison: tables with a column per set, a JSON object, or CSV with a row per value.</summary>
internal static class CompareWriter
{
    private const int CellWidth = 40;

    /// <summary>Writes a comparison.</summary>
    public static void Write(Comparison found, OutputFormat format, TextWriter writer)
    {
        switch (format)
        {
            case OutputFormat.Json:
                writer.WriteLine(Json(found).ToJsonString(JsonText.Indented));
                break;
            case OutputFormat.Csv:
                CsvWriter.WriteLine(writer, ["kind", "set", "measure", "level", "value"]);
                WriteCsv(writer, "ids", found.Ids);
                WriteCsv(writer, "embeddings", found.Embeddings);
                break;
            default:
                foreach ((string name, long value) in found.Facts)
                {
                    writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {value:N0}"));
                }

                WriteText(writer, "IDs", found.Ids);
                WriteText(writer, "embeddings", found.Embeddings);
                break;
        }
    }

    private static JsonObject Json(Comparison found) => new()
    {
        ["facts"] = new JsonObject(found.Facts.Select(f => KeyValuePair.Create<string, JsonNode?>(f.Name.Replace(' ', '_'), f.Value))),
        ["ids"] = Json(found.Ids),
        ["embeddings"] = Json(found.Embeddings),
    };

    private static JsonArray Json(CompareTable table) => new(
    [
        .. table.Sets.Select((set, s) => new JsonObject
        {
            ["set"] = set,
            ["measures"] = new JsonArray(
            [
                .. table.Rows.Select(r => new JsonObject { ["measure"] = r.Measure, ["level"] = r.Level, ["value"] = r.Values[s] }),
            ]),
        }),
    ]);

    private static void WriteCsv(TextWriter writer, string kind, CompareTable table)
    {
        for (int s = 0; s < table.Sets.Count; s++)
        {
            foreach (CompareRow row in table.Rows)
            {
                CsvWriter.WriteLine(
                    writer,
                    [kind, table.Sets[s], row.Measure, row.Level?.ToString(CultureInfo.InvariantCulture), row.Values[s]?.ToString("R", CultureInfo.InvariantCulture)]);
            }
        }
    }

    private static void WriteText(TextWriter writer, string title, CompareTable table)
    {
        if (table.Sets.Count == 0)
        {
            return;
        }

        writer.WriteLine();
        var text = new TextTable(writer, [(title, false), .. table.Sets.Select(s => (s, true))], CellWidth);
        foreach (CompareRow row in table.Rows)
        {
            text.Add([row.Measure + (row.Level is { } level ? $" {level}" : ""), .. row.Values.Select(Number)]);
        }

        text.End();
    }

    private static string Number(double? value) => value switch
    {
        null => "-",
        { } v when v == Math.Floor(v) && Math.Abs(v) >= 1 => v.ToString("N0", CultureInfo.InvariantCulture),
        { } v => v.ToString("0.0000", CultureInfo.InvariantCulture),
    };
}
