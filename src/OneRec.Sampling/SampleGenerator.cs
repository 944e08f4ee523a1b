using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Sampling;

/// <summary>
/// Generates a catalogue, a log, token vectors and covers with a latent structure to recover: items belong to topics
/// and subtopics, which determine their words and vectors; popularity follows Zipf's law; users have preferences.
/// </summary>
/// <remarks>
/// Equal options give equal bytes. Items and users are generated one by one; memory use is 8 bytes per item plus a row
/// group of vectors. Files are moved into place when complete, and <c>sample.json</c> is written last: its presence
/// means that the sample is complete. Generating the same sample again writes nothing, so that results based on it stay
/// up to date.
/// </remarks>
public static class SampleGenerator
{
    /// <summary>Version of the generator; raised whenever the same options give different bytes.</summary>
    private const int Generator = 1;

    private const string Marker = "sample.json";

    /// <summary>Says that the folder's files are of a sample that is not complete, so that it can be written again.</summary>
    private const string Unfinished = "sample.json.part";

    /// <summary>
    /// Writes <c>items.csv</c> (item_id, title, caption, tags), <c>interactions.csv</c> (user_id, item_id, event_time
    /// in seconds, watch_seconds, liked), <c>tokens.parquet</c> (item_id, tokens; for float16 also n_tokens and dim),
    /// <c>truth.csv</c> (item_id, topic, subtopic) and, if covers are requested, <c>covers.parquet</c> (item_id,
    /// position, image).
    /// </summary>
    /// <param name="folder">The folder; created if missing. Files of another sample are replaced, files of the user are not.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="progress">Receives the number of rows written.</param>
    /// <param name="cancellation">Stops between rows; no incomplete file is left under its name.</param>
    /// <exception cref="OneRecException">
    /// Configuration error <c>sample.folder</c>: the folder cannot be written, or has files of these names that are no sample.
    /// </exception>
    public static SampleSummary Generate(
        string folder,
        SampleOptions options,
        Action<SampleProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        string full = Path.GetFullPath(folder);
        if (ExistingBytes(full, options) is { } bytes)
        {
            return new SampleSummary(full, true, options.Items, options.Interactions, bytes);
        }

        try
        {
            return Write(full, options, progress, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ParquetSharp.ParquetException)
        {
            throw OneRecException.Configuration(
                "sample.folder", $"{full}: cannot be written ({e.Message.Split('\n')[0]}); use another folder", e);
        }
    }

    private static SampleSummary Write(
        string folder, SampleOptions options, Action<SampleProgress>? progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        RequireOwnFiles(folder, options);
        File.WriteAllText(Path.Combine(folder, Unfinished), MarkerText(options, []));
        File.Delete(Path.Combine(folder, Marker));
        var world = new SampleWorld(options);
        var words = new SampleWords(options.Seed, options.Topics);
        var sizes = new JsonObject();

        Put("items.csv", options.Items, (path, report) => Lines(path, "item_id,title,caption,tags", options.Items, report, item =>
        {
            (string title, string caption, string tags) = words.Item(item, world.GroupOf(item));
            return $"{item + 1L},{Field(title)},{Field(caption)},{Field(tags)}";
        }));
        Put("truth.csv", options.Items, (path, report) => Lines(path, "item_id,topic,subtopic", options.Items, report, item =>
        {
            int group = world.GroupOf(item);
            return $"{item + 1L},{Field(words.Topic(group))},{Field(words.Subtopic(group))}";
        }));
        Put("interactions.csv", options.Interactions, (path, report) =>
        {
            using StreamWriter writer = Open(path);
            writer.Write(SampleLog.Header + "\n");
            new SampleLog(options, world).Write(writer, report);
        });
        Put("tokens.parquet", options.Items, (path, report) =>
        {
            if (options.TokenType == SampleTokenType.Float16)
            {
                SampleHalfTokens.Write(path, options, world, report);
            }
            else
            {
                SampleTokens.Write(path, options, world, report);
            }
        });
        if (options.Covers > 0)
        {
            Put("covers.parquet", options.Covers, (path, report) => SampleCovers.Write(path, options, world, report));
        }

        File.WriteAllText(Path.Combine(folder, Marker), MarkerText(options, sizes));
        File.Delete(Path.Combine(folder, Unfinished));
        return new SampleSummary(
            folder, false, options.Items, options.Interactions, sizes.Sum(s => (long)s.Value!));

        void Put(string name, long total, Action<string, Action<long>> write)
        {
            string part = Path.Combine(folder, name + ".part");
            try
            {
                write(part, done =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    progress?.Invoke(new SampleProgress(name, done, total));
                });
                File.Move(part, Path.Combine(folder, name), overwrite: true);
            }
            finally
            {
                File.Delete(part);
            }

            sizes[name] = new FileInfo(Path.Combine(folder, name)).Length;
        }
    }

    /// <summary>Refuses a folder with files of these names that this program did not write.</summary>
    private static void RequireOwnFiles(string folder, SampleOptions options)
    {
        bool isSample = new[] { Marker, Unfinished }.Any(name => IsMarker(Path.Combine(folder, name)));
        if (!isSample && Files(options).Append(Marker).FirstOrDefault(f => Path.Exists(Path.Combine(folder, f))) is { } name)
        {
            throw OneRecException.Configuration(
                "sample.folder",
                $"{Path.Combine(folder, name)} is there already and was not written by 'onerec sample'; use another folder for --out, or move it away");
        }
    }

    private static bool IsMarker(string path)
    {
        try
        {
            return File.Exists(path)
                && JsonNode.Parse(File.ReadAllText(path)) is JsonObject found
                && found.ContainsKey("generator") && found.ContainsKey("options") && found.ContainsKey("bytes");
        }
        catch (JsonException)
        {
            // A file of the user with this name.
            return false;
        }
    }

    private static void Lines(string path, string header, int rows, Action<long> progress, Func<int, string> line)
    {
        using StreamWriter writer = Open(path);
        writer.Write(header + "\n");
        for (int item = 0; item < rows; item++)
        {
            writer.Write(line(item) + "\n");
            if (item % 10_000 == 9_999 || item == rows - 1)
            {
                progress(item + 1);
            }
        }
    }

    private static StreamWriter Open(string path) => new(path, append: false, new UTF8Encoding(false), 1 << 16);

    // RFC 4180: fields with a comma, a quote or a line break are quoted.
    private static string Field(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? text
        : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>The files, in the order in which they are written.</summary>
    private static string[] Files(SampleOptions options) =>
        ["items.csv", "truth.csv", "interactions.csv", "tokens.parquet", .. options.Covers > 0 ? ["covers.parquet"] : System.Array.Empty<string>()];

    private static string MarkerText(SampleOptions options, JsonObject sizes) => CanonicalJson.Write(new JsonObject
    {
        ["generator"] = Generator,
        ["options"] = JsonSerializer.SerializeToNode(options, JsonSerializerOptions.Web),
        ["bytes"] = sizes,
    }) + "\n";

    /// <summary>Total size of the files if the folder already has this sample, complete; else null.</summary>
    private static long? ExistingBytes(string folder, SampleOptions options)
    {
        string marker = Path.Combine(folder, Marker);
        if (!File.Exists(marker))
        {
            return null;
        }

        var sizes = new JsonObject();
        foreach (string name in Files(options))
        {
            var file = new FileInfo(Path.Combine(folder, name));
            if (!file.Exists)
            {
                return null;
            }

            sizes[name] = file.Length;
        }

        return File.ReadAllText(marker) == MarkerText(options, sizes) ? sizes.Sum(s => (long)s.Value!) : null;
    }
}
