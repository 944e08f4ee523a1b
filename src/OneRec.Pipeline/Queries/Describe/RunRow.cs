using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>A row of table <c>runs</c>.</summary>
internal sealed record RunRow
{
    // The duration is of another clock than the times, and was read a little before the end.
    private const double Slack = 0.1;

    /// <summary>Reads a row of <c>run_rows.sql</c>.</summary>
    public RunRow(object?[] row)
    {
        RunId = (string)row[0]!;
        Step = (string)row[1]!;
        Inputs = Read(row[2]) as JsonObject ?? [];
        Parameters = Read(row[3]);
        Tables = Read(row[4]) as JsonObject ?? [];
        Seed = (long)row[5]!;
        CodeVersion = (string)row[6]!;
        Fingerprint = (string)row[7]!;
        Seconds = (double)row[8]!;
        FinishedAt = (DateTimeOffset)row[9]!;
        Facts = Read(row[10]) as JsonArray ?? [];
    }

    /// <summary>The run.</summary>
    public string RunId { get; }

    /// <summary>The step.</summary>
    public string Step { get; }

    /// <summary>What the step read: inputs with the identity of their rows.</summary>
    public JsonObject Inputs { get; }

    /// <summary>The step's parameters.</summary>
    public JsonNode? Parameters { get; }

    /// <summary>The tables that the step wrote, with their versions after it.</summary>
    public JsonObject Tables { get; }

    /// <summary>The seed.</summary>
    public long Seed { get; }

    /// <summary>The version of the program.</summary>
    public string CodeVersion { get; }

    /// <summary>Fingerprint of the step's plan.</summary>
    public string Fingerprint { get; }

    /// <summary>Wall time in seconds.</summary>
    public double Seconds { get; }

    /// <summary>When the step ended.</summary>
    public DateTimeOffset FinishedAt { get; }

    private JsonArray Facts { get; }

    /// <summary>The identity of an input; null if the step did not read it.</summary>
    public string? Input(string name) => Text(Inputs[name]);

    /// <summary>A fact of the step; null if it told none of that name.</summary>
    public string? Fact(string name) =>
        Facts.OfType<JsonObject>().Where(f => Text(f["name"]) == name).Select(f => Text(f["value"])).FirstOrDefault();

    /// <summary>Whether the step wrote a version of a table.</summary>
    public bool Wrote(string table, string version) => Text(Tables[table]) == version;

    /// <summary>A parameter that is a text; null if there is none.</summary>
    public string? Parameter(string name) => Parameters is JsonObject all ? Text(all[name]) : null;

    /// <summary>A value as text: numbers as they are written; null for an object, an array or none.</summary>
    internal static string? Text(JsonNode? node) => node switch
    {
        JsonValue value when value.TryGetValue(out string? text) => text,
        JsonValue value => value.ToJsonString(),
        _ => null,
    };

    /// <summary>A time within the step's work. The step starts its clock before it does anything, and notes its end last.</summary>
    public bool Covers(DateTimeOffset time) => time <= FinishedAt && (FinishedAt - time).TotalSeconds <= Seconds + Slack;

    // Another program may have written the row.
    private static JsonNode? Read(object? json)
    {
        try
        {
            return json is string text ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            return JsonValue.Create(string.Create(CultureInfo.InvariantCulture, $"{json}"));
        }
    }
}
