using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Report.Model;

namespace OneRec.Report.Reading;

/// <summary>Reads table <c>runs</c>.</summary>
internal static class RunsReader
{
    /// <summary>
    /// The newest row of each step, and the runs of evaluate from old to new; empty if the table does not exist.
    /// </summary>
    public static (IReadOnlyList<StepReport> Steps, IReadOnlyList<string> Evaluations) Read(IQueryEngine engine, PinnedTable runs)
    {
        var steps = new List<StepReport>();
        var evaluations = new List<string>();
        if (runs.State is null)
        {
            return (steps, evaluations);
        }

        foreach (object?[] row in Values.Rows(engine, SqlScript.Load(typeof(RunsReader), "report_runs.sql"), ("runs", runs.Rows)))
        {
            string step = Values.Text(row[1]);
            if (step == "evaluate")
            {
                evaluations.Add(Values.Text(row[0]));
            }

            // The row of report is that of an earlier page: this page cannot show its own time.
            if (step != "report" && Values.Whole(row[11]) == 1)
            {
                steps.Add(new StepReport(
                    step,
                    Values.Text(row[0]),
                    Values.Whole(row[7]),
                    Values.Real(row[8]),
                    (DateTimeOffset)row[9]!,
                    Values.Text(row[5]),
                    Values.Whole(row[4]),
                    Values.Text(row[6]),
                    Pairs(Values.Text(row[2])),
                    Pairs(Values.Text(row[3])))
                {
                    Facts = Facts((string?)row[10]),
                });
            }
        }

        return (steps, evaluations);
    }

    private static KeyValuePair<string, string>[] Facts(string? json) => json is null
        ? []
        : [.. JsonNode.Parse(json)!.AsArray().Select(f => KeyValuePair.Create((string)f!["name"]!, (string)f["value"]!))];

    // A flat list of keys: {"a":{"b":1}} is a.b = 1. Text that is not a JSON object is shown unchanged.
    private static List<KeyValuePair<string, string>> Pairs(string json)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        try
        {
            Add(pairs, "", JsonNode.Parse(json));
        }
        catch (JsonException)
        {
            pairs.Add(new("", json));
        }

        return pairs;
    }

    private static void Add(List<KeyValuePair<string, string>> pairs, string key, JsonNode? node)
    {
        if (node is JsonObject map && (map.Count > 0 || key.Length == 0))
        {
            foreach ((string name, JsonNode? value) in map)
            {
                Add(pairs, key.Length == 0 ? name : $"{key}.{name}", value);
            }
        }
        else
        {
            pairs.Add(new(key, node is JsonValue value && value.TryGetValue(out string? text) ? text : CanonicalJson.Write(node)));
        }
    }
}
