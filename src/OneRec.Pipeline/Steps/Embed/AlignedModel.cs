using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Scoring.Models;

namespace OneRec.Pipeline.Steps.Embed;

/// <summary>A model that <c>align</c> trained: a folder of <c>models</c>, named by the model's id.</summary>
/// <param name="Folder">Full path of the folder.</param>
/// <param name="MadeAt">When the training ended.</param>
/// <param name="RunId">The run that trained it.</param>
/// <param name="Fingerprint">Fingerprint of the plan of that run's <c>align</c>.</param>
internal sealed record AlignedModel(string Folder, DateTime MadeAt, string RunId, string Fingerprint)
{
    /// <summary>The file of a model folder that tells how it was made.</summary>
    public const string RecordFile = "training.json";

    /// <summary>The model's id.</summary>
    public string Id => Path.GetFileName(Folder);

    /// <summary>The models of a folder, newest first; folders without a record of their training are passed over.</summary>
    /// <param name="models">The folder, which need not exist.</param>
    public static IReadOnlyList<AlignedModel> In(string models) => !Directory.Exists(models)
        ? []
        : [
            .. Directory.EnumerateDirectories(models)
                .Select(Read)
                .OfType<AlignedModel>()
                .OrderByDescending(m => m.MadeAt)
                .ThenBy(m => m.Id, StringComparer.Ordinal),
        ];

    /// <summary>Reads the record of a folder; null if it has none.</summary>
    public static AlignedModel? Read(string folder)
    {
        try
        {
            JsonNode record = JsonNode.Parse(File.ReadAllText(Path.Combine(folder, RecordFile)))!;
            return new AlignedModel(
                folder,
                DateTime.Parse((string)record["made_at"]!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal),
                (string)record["run_id"]!,
                (string)record["fingerprint"]!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or FormatException
            or InvalidOperationException or ArgumentException or NullReferenceException)
        {
            return null;
        }
    }

    /// <summary>The keys of the record that <see cref="Read"/> needs.</summary>
    public JsonObject Record() => new()
    {
        ["made_at"] = MadeAt.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture),
        ["run_id"] = RunId,
        ["fingerprint"] = Fingerprint,
    };

    /// <summary>Opens the folder.</summary>
    /// <exception cref="OneRecException">It is not a model folder.</exception>
    public ModelFolder Open() => ModelFolder.Open(Folder);
}
