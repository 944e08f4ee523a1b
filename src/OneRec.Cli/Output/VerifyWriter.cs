using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Pipeline.Queries.Verify;

namespace OneRec.Cli.Output;

/// <summary>Writes what a verification found: a line a check, then the problems; one JSON object; or CSV with a row a problem.</summary>
internal static class VerifyWriter
{
    /// <summary>Writes checks in order.</summary>
    public static void Write(IReadOnlyList<VerifiedFact> facts, OutputFormat format, TextWriter writer)
    {
        switch (format)
        {
            case OutputFormat.Json:
                writer.WriteLine(Json(facts).ToJsonString(JsonText.Indented));
                break;
            case OutputFormat.Csv:
                CsvWriter.WriteLine(writer, ["table", "check", "checked", "detail", "problem"]);
                foreach (VerifiedFact fact in facts)
                {
                    foreach (string problem in fact.Problems.DefaultIfEmpty(""))
                    {
                        CsvWriter.WriteLine(writer, [fact.Table, fact.Check, fact.Checked.ToString(CultureInfo.InvariantCulture), fact.Detail, problem]);
                    }
                }

                break;
            default:
                Text(facts, writer);
                break;
        }
    }

    private static void Text(IReadOnlyList<VerifiedFact> facts, TextWriter writer)
    {
        int table = facts.Max(f => f.Table.Length);
        int check = facts.Max(f => f.Check.Length);
        foreach (VerifiedFact fact in facts)
        {
            string verdict = fact.Problems.Count == 0 ? "ok" : "WRONG";
            string detail = fact.Detail.Length == 0 ? "" : $" ({fact.Detail})";
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{fact.Table.PadRight(table)}  {fact.Check.PadRight(check)}  {verdict,-5}  {fact.Checked:N0}{detail}"));
        }

        string[] problems = [.. facts.SelectMany(f => f.Problems)];
        writer.WriteLine();
        foreach (string problem in problems)
        {
            writer.WriteLine(Printable.Line(problem));
        }

        writer.WriteLine(problems.Length switch
        {
            0 => "everything is as it was written",
            1 => "1 problem",
            _ => string.Create(CultureInfo.InvariantCulture, $"{problems.Length:N0} problems"),
        });
    }

    private static JsonObject Json(IReadOnlyList<VerifiedFact> facts) => new()
    {
        ["ok"] = facts.All(f => f.Problems.Count == 0),
        ["checks"] = new JsonArray(
        [
            .. facts.Select(f => new JsonObject
            {
                ["table"] = f.Table,
                ["check"] = f.Check,
                ["checked"] = f.Checked,
                ["detail"] = f.Detail.Length == 0 ? null : f.Detail,
                ["problems"] = new JsonArray([.. f.Problems.Select(p => JsonValue.Create(p))]),
            }),
        ]),
    };
}
