using System.Text.Json.Nodes;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>The section <c>log</c>: what the log says of the item, the runs that read it, and the evaluation of the codebook.</summary>
internal static class LogLineage
{
    private const string Similarity = "item_similarity";
    private const string PairTable = "item_pairs";

    /// <summary>The facts.</summary>
    public static IEnumerable<LineageFact> Facts(LineageTables tables, ItemState item)
    {
        yield return new LineageFact(
            "similar_items",
            tables.Has(Similarity) ? item.Similar : null,
            [tables.Has(Similarity) ? $"{LineageFact.Number(item.Similar)}, by {Similarity} version {tables.Version(Similarity)}" : $"there is no table {Similarity}: no run of swing"]);
        if (tables.Version(Similarity) is { } similarity)
        {
            yield return Writer(tables, "swing", "swing", Similarity, similarity);
        }

        string[] sources = [.. item.Pairs.Select(p => $"{LineageFact.Number(p.Value)} {p.Key}")];
        yield return new LineageFact(
            "pairs",
            tables.Has(PairTable) ? new JsonObject(item.Pairs.Select(p => KeyValuePair.Create<string, JsonNode?>(p.Key, p.Value))) : null,
            [
                !tables.Has(PairTable) ? $"there is no table {PairTable}: no run of pairs"
                    : $"{(sources.Length == 0 ? "none" : string.Join(", ", sources))}, by {PairTable} version {tables.Version(PairTable)}",
            ]);
        if (tables.Version(PairTable) is { } pairs)
        {
            yield return Writer(tables, "pairs_by", "pairs", PairTable, pairs);
        }

        string id = tables.Codebook.CodebookId;
        RunRow? evaluated = tables.Runs.Of("evaluate").LastOrDefault(r => r.Input("codebook") == id);
        yield return tables.Runs.Fact("evaluated_by", evaluated, $"no run of evaluate in table runs was on codebook {id}");
        if (evaluated?.Input(Similarity) is { } read && read != "none" && read != tables.Version(Similarity))
        {
            yield return Writer(tables, "evaluated_swing", "swing", Similarity, read);
        }

        yield return LineageFact.Configured("input.interactions", tables.Options.Input.Interactions);
    }

    /// <summary>The run that wrote a version of a table of the log.</summary>
    public static LineageFact Writer(LineageTables tables, string name, string step, string table, string version) => tables.Runs.Fact(
        name,
        tables.Runs.Of(step).LastOrDefault(r => r.Wrote(table, version)),
        $"no run of {step} in table runs wrote version {version} of {table}");
}
