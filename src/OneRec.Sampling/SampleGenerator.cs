using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Sampling;

/// <summary>
/// Generates a catalogue, a log, token vectors and covers with a latent truth to find: items of topics and subtopics, whose
/// words and vectors come from them, popularity by Zipf's law, users with tastes.
/// </summary>
/// <remarks>
/// Equal options give equal bytes. Items and users are made one by one; memory is 8 bytes an item and a row group of
/// vectors. Files are moved into place when whole and <c>sample.json</c> is written last: its presence says that the
/// sample is complete, and asking for the same again writes nothing, so that what was made of it stays up to date.
/// </remarks>
public static class SampleGenerator
{
    /// <summary>Raised whenever the same options give other bytes.</summary>
    private const int Generator = 1;

    private const string Marker = "sample.json";

    /// <summary>
    /// Writes <c>items.csv</c> (item_id, title, caption, tags), <c>interactions.csv</c> (user_id, item_id, event_time in
    /// seconds, watch_seconds, liked), <c>tokens.parquet</c> (item_id, tokens; of float16 also n_tokens and dim), <c>truth.csv</c> (item_id, topic, subtopic)
    /// and, where covers are asked for, <c>covers.parquet</c> (item_id, position, image).
    /// </summary>
    /// <param name="folder">The folder, made if need be; files of these names are replaced.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="progress">Told of rows written.</param>
    /// <param name="cancellation">Stops between rows; no half file stays under its name.</param>
    /// <exception cref="OneRecException">Configuration error <c>sample.folder</c>: the folder cannot be written.</exception>
    public static SampleSummary Generate(
        string folder,
        SampleOptions options,
        Action<SampleProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        ArgumentNullException.ThrowIfNull(options);
        string full = Path.GetFullPath(folder);
        if (IsThere(full, options) is { } bytes)
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
                "sample.folder", $"{full}: cannot be written ({e.Message.Split('\n')[0]}); give another folder", e);
        }
    }

    private static SampleSummary Write(
        string folder, SampleOptions options, Action<SampleProgress>? progress, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        File.Delete(Path.Combine(folder, Marker));
        var world = new SampleWorld(options);
        var words = new SampleWords(options.Seed, options.Topics);
        var sizes = new JsonObject();

        Put("items.csv", options.Items, (path, told) => Lines(path, "item_id,title,caption,tags", options.Items, told, item =>
        {
            (string title, string caption, string tags) = words.Item(item, world.GroupOf(item));
            return $"{item + 1L},{Field(title)},{Field(caption)},{Field(tags)}";
        }));
        Put("truth.csv", options.Items, (path, told) => Lines(path, "item_id,topic,subtopic", options.Items, told, item =>
        {
            int group = world.GroupOf(item);
            return $"{item + 1L},{Field(words.Topic(group))},{Field(words.Subtopic(group))}";
        }));
        Put("interactions.csv", options.Interactions, (path, told) =>
        {
            using StreamWriter writer = Open(path);
            writer.Write(SampleLog.Header + "\n");
            new SampleLog(options, world).Write(writer, told);
        });
        Put("tokens.parquet", options.Items, (path, told) =>
        {
            if (options.TokenType == SampleTokenType.Float16)
            {
                SampleHalfTokens.Write(path, options, world, told);
            }
            else
            {
                SampleTokens.Write(path, options, world, told);
            }
        });
        if (options.Covers > 0)
        {
            Put("covers.parquet", options.Covers, (path, told) => SampleCovers.Write(path, options, world, told));
        }

        File.WriteAllText(Path.Combine(folder, Marker), MarkerText(options, sizes));
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

    private static void Lines(string path, string header, int rows, Action<long> told, Func<int, string> line)
    {
        using StreamWriter writer = Open(path);
        writer.Write(header + "\n");
        for (int item = 0; item < rows; item++)
        {
            writer.Write(line(item) + "\n");
            if (item % 10_000 == 9_999 || item == rows - 1)
            {
                told(item + 1);
            }
        }
    }

    private static StreamWriter Open(string path) => new(path, append: false, new UTF8Encoding(false), 1 << 16);

    // RFC 4180: what holds a comma or a quote is quoted.
    private static string Field(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0
        ? text
        : "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";

    /// <summary>In the order that they are written in.</summary>
    private static string[] Files(SampleOptions options) =>
        ["items.csv", "truth.csv", "interactions.csv", "tokens.parquet", .. options.Covers > 0 ? ["covers.parquet"] : System.Array.Empty<string>()];

    private static string MarkerText(SampleOptions options, JsonObject sizes) => CanonicalJson.Write(new JsonObject
    {
        ["generator"] = Generator,
        ["options"] = JsonSerializer.SerializeToNode(options, JsonSerializerOptions.Web),
        ["bytes"] = sizes,
    }) + "\n";

    /// <summary>Size of the files where the folder holds this very sample, whole; else null.</summary>
    private static long? IsThere(string folder, SampleOptions options)
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
