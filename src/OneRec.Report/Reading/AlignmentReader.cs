using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Report.Model;

namespace OneRec.Report.Reading;

/// <summary>Reads how a model was trained from its folder.</summary>
internal static class AlignmentReader
{
    private const int MostExamples = 20;

    /// <summary>Reads the record of a model; null if there is none, or it cannot be read.</summary>
    /// <param name="models">The folder of models.</param>
    /// <param name="modelId">The model.</param>
    public static AlignmentReport? Read(string models, string modelId)
    {
        string folder = Path.Combine(models, modelId);
        if (AlignedModel.Read(folder) is not { } model)
        {
            return null;
        }

        try
        {
            JsonNode record = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, AlignedModel.RecordFile)))!;
            return new AlignmentReport(
                model.RunId,
                (long)record["pairs"]!,
                (long)record["steps"]!,
                [
                    .. record["curve"]!.AsArray().Select(p => new AlignmentPoint(
                        (long)p!["step"]!, (double)p["contrastive_loss"]!, (double?)p["caption_loss"], (double?)p["validation_hits"])
                    {
                        Perplexity = (double?)p["caption_perplexity"],
                        PerplexityOfOther = (double?)p["caption_perplexity_other"],
                    }),
                ])
            {
                BestStep = (long?)record["best_step"],
                Hits = (double?)record["validation_hits"],
                PooledHits = (double?)record["validation_hits_pooled"],
                Examples =
                [
                    .. record["neighbours"]!.AsArray().Take(MostExamples).Select(n => new AlignmentExample(
                        (string)n!["item"]!, Titles(n["before"]!), Titles(n["after"]!))),
                ],
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException
            or FormatException or NullReferenceException or ArgumentException)
        {
            return null;
        }
    }

    private static string[] Titles(JsonNode titles) => [.. titles.AsArray().Select(t => (string)t!)];
}
