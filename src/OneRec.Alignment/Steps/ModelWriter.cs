using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Alignment.Export;
using OneRec.Alignment.Networks;
using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Scoring.Models;

namespace OneRec.Alignment.Steps;

/// <summary>Writes a trained encoder as a folder of <c>models</c>, named by its id; it is there as a whole or not at all.</summary>
internal static class ModelWriter
{
    private const string Unfinished = ".new-";

    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the folder.</summary>
    /// <param name="run">The run.</param>
    /// <param name="encoder">The trained encoder.</param>
    /// <param name="blocks">The blocks that it reads.</param>
    /// <param name="record">What <c>training.json</c> tells besides run and fingerprint.</param>
    /// <returns>The model.</returns>
    /// <exception cref="OneRecException">The folder cannot be written (exit 2 or 5).</exception>
    public static AlignedModel Write(StepRun run, ItemEncoder encoder, IReadOnlyList<TokenBlockShape> blocks, JsonObject record)
    {
        string models = run.Options.Models;
        string work = Path.Combine(models, $"{Unfinished}{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(models);
            foreach (string left in Directory.EnumerateDirectories(models, Unfinished + "*"))
            {
                Directory.Delete(left, recursive: true);
            }

            Directory.CreateDirectory(work);
            EncoderFolder.Write(work, encoder, blocks);
            string id = EmbedModel.AlignedId(run.Options.Section<EmbedOptions>(), ModelFolder.Open(work));
            var model = new AlignedModel(Path.Combine(models, id), run.Clock.GetUtcNow().UtcDateTime, run.RunId, run.Fingerprint);
            JsonObject own = model.Record();
            foreach ((string key, JsonNode? value) in record)
            {
                own[key] = value?.DeepClone();
            }

            string text = own.ToJsonString(Indented) + "\n";
            File.WriteAllText(Path.Combine(work, AlignedModel.RecordFile), text);
            if (Directory.Exists(model.Folder) && EmbedModel.IsOf(run.Options.Section<EmbedOptions>(), model))
            {
                // The same weights again: only when they were made is new.
                File.Move(Path.Combine(work, AlignedModel.RecordFile), Path.Combine(model.Folder, AlignedModel.RecordFile), overwrite: true);
                Directory.Delete(work, recursive: true);
                return model;
            }

            if (Directory.Exists(model.Folder))
            {
                Directory.Move(model.Folder, Path.Combine(models, $"{Unfinished}damaged-{Guid.NewGuid():N}"));
            }

            Directory.Move(work, model.Folder);
            return model;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw SystemFailure.Of(e)?.At($"{models}: the model cannot be written", e)
                ?? OneRecException.Engine("align.write", $"{models}: the model cannot be written ({e.Message.ReplaceLineEndings(" ")})", e);
        }
        finally
        {
            Remove(work);
        }
    }

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Removed by the next training.
        }
    }
}
