using System.Text.Json.Nodes;

namespace OneRec.Pipeline.Inputs;

/// <summary>Options of inputs as parameters of plans.</summary>
internal static class InputPlan
{
    /// <summary>Declared types.</summary>
    public static JsonObject Types(InputOptions input) => new(input.Types.Select(
        t => KeyValuePair.Create<string, JsonNode?>(t.Key, CsvSource.Name(t.Value))));

    /// <summary>Adds how bad rows are treated where that changes rows: a step that fails on them has none.</summary>
    public static void AddBadRows(JsonObject parameters, InputOptions input)
    {
        if (input.BadRows != BadRows.Fail)
        {
            parameters["badRows"] = input.BadRows.ToString();
        }
    }
}
