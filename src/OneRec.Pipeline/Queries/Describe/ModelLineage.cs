using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Pipeline.Steps.Embed;

namespace OneRec.Pipeline.Queries.Describe;

/// <summary>
/// The section <c>model</c>: pooled blocks, or a model that <c>align</c> trained, told by the record in its folder.
/// </summary>
internal sealed class ModelLineage
{
    private readonly LineageTables _tables;
    private readonly string _id;
    private readonly string _folder;
    private readonly List<LineageFact> _facts = [];

    private ModelLineage(LineageTables tables)
    {
        _tables = tables;
        _id = tables.Codebook.ModelId;
        _folder = Path.Combine(tables.Options.Models, IsName(_id) ? _id : "");
    }

    /// <summary>Reads what is known of the codebook's model.</summary>
    public static ModelLineage Of(LineageTables tables)
    {
        var model = new ModelLineage(tables);
        model.Read();
        return model;
    }

    /// <summary>The facts.</summary>
    public IReadOnlyList<LineageFact> Facts() => _facts;

    private void Read()
    {
        _facts.Add(LineageFact.Of("model_id", _id));
        (string? pooled, string? problem) = Pooled(_tables.Options.Section<EmbedOptions>());
        RunRow? trained = _tables.Runs.Of("align").LastOrDefault(r => r.Fact("model") == _id);
        if (IsName(_id) && AlignedModel.Read(_folder) is { } record)
        {
            Aligned(record, pooled, problem);
        }
        else if (trained is not null || (IsName(_id) && Directory.Exists(_folder)))
        {
            _facts.Add(new LineageFact("kind", "aligned", ["aligned: trained by align"]));
            string state = Directory.Exists(_folder) ? $"there, but its {AlignedModel.RecordFile} is missing or cannot be read: restore it" : "gone: restore it, or set models to where it is";
            _facts.Add(new LineageFact("folder", new JsonObject { ["path"] = _folder, ["exists"] = Directory.Exists(_folder), ["record"] = false }, [$"{_folder} is {state}"]));
            _facts.Add(_tables.Runs.Fact("trained_by", trained, $"no run of align in table runs made model {_id}"));
        }
        else if (pooled == _id)
        {
            _facts.Add(new LineageFact("kind", "pooled", ["pooled: the blocks' vectors, not trained on the log"]));
            _facts.Add(Blocks());
        }
        else
        {
            string why = problem is null ? "embed.inputs of this configuration define another model" : $"embed.inputs of this configuration cannot be read ({problem})";
            _facts.Add(new LineageFact("kind", "unknown", [$"not known: there is no folder {_id} in {_tables.Options.Models}, no run of align in table runs made it, and {why}"]));
        }
    }

    private void Aligned(AlignedModel model, string? pooled, string? problem)
    {
        JsonObject record = Record();
        var parameters = record["parameters"] as JsonObject;
        string? blocks = RunRow.Text(parameters?["blocks"]);
        _facts.Add(new LineageFact("kind", "aligned", [$"aligned: trained by align{(RunRow.Text(parameters?["form"]) is { } form ? $" ({form})" : "")}"]));
        _facts.Add(new LineageFact("folder", new JsonObject { ["path"] = _folder, ["exists"] = true, ["record"] = true }, [_folder]));
        _facts.Add(LineageFact.Of("trained_at", new DateTimeOffset(model.MadeAt, TimeSpan.Zero)));
        _facts.Add(_tables.Runs.Fact("trained_by", model.RunId, "align"));
        _facts.Add(Numbers(record, parameters));
        Log(record);
        if (blocks is not null && blocks == pooled)
        {
            _facts.Add(Blocks());
        }
        else
        {
            string why = problem is null ? "embed.inputs of this configuration are others" : $"embed.inputs of this configuration cannot be read ({problem})";
            _facts.Add(new LineageFact("blocks", blocks, [$"{blocks ?? "not recorded"}; {why}"]));
        }
    }

    private static LineageFact Numbers(JsonObject record, JsonObject? parameters)
    {
        (string Name, JsonNode? Value)[] all =
        [
            ("epochs", parameters?["epochs"]),
            ("pairs", record["pairs"]),
            ("items", record["items"]),
            ("steps", record["steps"]),
            ("best_step", record["best_step"]),
            ("validation_hits", record["validation_hits"]),
            ("validation_hits_pooled", record["validation_hits_pooled"]),
        ];
        return new LineageFact(
            "training",
            new JsonObject(all.Select(n => KeyValuePair.Create(n.Name, n.Value?.DeepClone()))),
            [
                string.Join(", ", all[..5].Select(n => $"{n.Name.Replace('_', ' ')} {Count(n.Value)}")),
                .. all[5].Value is null ? Array.Empty<string>() : [$"{Share(all[5].Value)} of the validation users' partners found, {Share(all[6].Value)} by pooled vectors"],
            ]);
    }

    // What the training read of the log: the pairs of a table, or pairs made anew from a part of the log.
    private void Log(JsonObject record)
    {
        if (record["inputs"] is not JsonObject inputs)
        {
            return;
        }

        if (RunRow.Text(inputs["item_pairs"]) is { } version)
        {
            _facts.Add(LogLineage.Writer(_tables, "pairs_by", "pairs", "item_pairs", version));
        }
        else if (RunRow.Text(inputs["interactions"]) is { } log)
        {
            RunRow? same = _tables.Runs.Of("swing").LastOrDefault(r => r.Input("interactions") == log);
            _facts.Add(new LineageFact(
                "log",
                new JsonObject { ["interactions"] = log, ["swing_run"] = same?.RunId },
                [
                    $"interactions {(log.Length > 16 ? log[..16] + "..." : log)}, of which pairs were made anew without the users held out",
                    same is null ? "no run of swing in table runs read this version" : $"swing read the same version in {same.RunId}",
                ]));
        }
    }

    private LineageFact Blocks()
    {
        IReadOnlyList<EmbedInput> inputs = _tables.Options.Section<EmbedOptions>().Inputs;
        return new LineageFact(
            "blocks",
            new JsonArray(
            [
                .. inputs.Select(i => new JsonObject
                {
                    ["block"] = i.Title,
                    ["encoder"] = (i as ModelInput)?.Encoder,
                    ["weight"] = i.Weight,
                }),
            ]),
            [.. inputs.Select(i => i is ModelInput model ? $"{i.Title} by {model.Encoder}" : i.Title)]);
    }

    // The id of the configured blocks; if a model folder is damaged, why it cannot be told.
    private static (string? Id, string? Problem) Pooled(EmbedOptions options)
    {
        try
        {
            return (options.Inputs.Count == 0 ? null : EmbedModel.PooledId(options), options.Inputs.Count == 0 ? "they are empty" : null);
        }
        catch (OneRecException e)
        {
            return (null, e.Message);
        }
    }

    private JsonObject Record()
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(Path.Combine(_folder, AlignedModel.RecordFile))) as JsonObject ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // It was there a moment ago.
            return [];
        }
    }

    // The id is data of a table: it must not lead out of the folder of models.
    private static bool IsName(string id) => id.Length > 0 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static string Count(JsonNode? node) => node is JsonValue value && value.TryGetValue(out long count) ? LineageFact.Number(count) : "unknown";

    private static string Share(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double share)
        ? (100 * share).ToString("0.#", CultureInfo.InvariantCulture) + " %"
        : "unknown";
}
