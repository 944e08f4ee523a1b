using System.Text.Json;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>Reads the JSON of commits, one action a line.</summary>
internal static class ActionReader
{
    /// <summary>The actions of a commit, in order; kinds that change no state (<c>cdc</c>, ...) are left out.</summary>
    /// <param name="table">Names the table in errors.</param>
    /// <param name="version">The commit's version.</param>
    /// <param name="path">The commit's file.</param>
    /// <exception cref="OneRecException">Table error <c>delta.log-broken</c>, naming version and line.</exception>
    public static IReadOnlyList<TableAction> ReadCommit(string table, long version, string path)
    {
        var actions = new List<TableAction>();
        int lines = 0;
        int line = 0;
        foreach (string text in File.ReadLines(path))
        {
            line++;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            lines++;
            try
            {
                using JsonDocument document = JsonDocument.Parse(text);
                if (ReadAction(document.RootElement) is { } action)
                {
                    actions.Add(action);
                }
            }
            catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                throw OneRecException.Table(
                    "delta.log-broken",
                    $"{table} version {version}: {LogPath.Folder}/{Path.GetFileName(path)} line {line} is no whole action; "
                    + "restore the file",
                    e);
            }
        }

        return lines > 0
            ? actions
            : throw OneRecException.Table(
                "delta.log-broken",
                $"{table} version {version}: {LogPath.Folder}/{Path.GetFileName(path)} is empty; restore the file");
    }

    private static TableAction? ReadAction(JsonElement line)
    {
        if (line.TryGetProperty("add", out JsonElement e))
        {
            return new AddFile(
                e.GetProperty("path").GetString()!,
                Texts(e, "partitionValues"),
                e.GetProperty("size").GetInt64(),
                e.GetProperty("modificationTime").GetInt64(),
                e.GetProperty("dataChange").GetBoolean(),
                Text(e, "stats"),
                Texts(e, "tags"));
        }

        if (line.TryGetProperty("remove", out e))
        {
            bool changes = !e.TryGetProperty("dataChange", out JsonElement d) || d.ValueKind != JsonValueKind.False;
            return new RemoveFile(e.GetProperty("path").GetString()!, Whole(e, "deletionTimestamp"), changes);
        }

        if (line.TryGetProperty("metaData", out e))
        {
            return new Metadata(
                e.GetProperty("id").GetString()!,
                e.GetProperty("schemaString").GetString()!,
                Names(e, "partitionColumns"),
                Texts(e, "configuration").ToDictionary(p => p.Key, p => p.Value ?? ""),
                Whole(e, "createdTime"),
                Text(e, "name"),
                Text(e, "description"),
                e.TryGetProperty("format", out JsonElement f) ? Text(f, "provider") ?? "parquet" : "parquet");
        }

        if (line.TryGetProperty("protocol", out e))
        {
            return new Protocol(
                e.GetProperty("minReaderVersion").GetInt32(),
                e.GetProperty("minWriterVersion").GetInt32(),
                Names(e, "readerFeatures"),
                Names(e, "writerFeatures"));
        }

        if (line.TryGetProperty("txn", out e))
        {
            return new ApplicationTransaction(e.GetProperty("appId").GetString()!, e.GetProperty("version").GetInt64());
        }

        return line.TryGetProperty("commitInfo", out e)
            ? new CommitInfo(
                Whole(e, "timestamp"),
                Text(e, "operation"),
                Texts(e, "operationParameters"),
                Text(e, "userMetadata"),
                Text(e, "engineInfo"))
            : null;
    }

    private static string? Text(JsonElement e, string name) =>
        e.TryGetProperty(name, out JsonElement v) && v.ValueKind != JsonValueKind.Null ? v.GetString() : null;

    private static long? Whole(JsonElement e, string name) =>
        e.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.Number ? v.GetInt64() : null;

    private static string[] Names(JsonElement e, string name) =>
        e.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.Array
            ? [.. v.EnumerateArray().Select(n => n.GetString()!)]
            : [];

    private static Dictionary<string, string?> Texts(JsonElement e, string name)
    {
        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (e.TryGetProperty(name, out JsonElement map) && map.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in map.EnumerateObject())
            {
                texts[property.Name] = property.Value.ValueKind switch
                {
                    JsonValueKind.Null => null,
                    JsonValueKind.String => property.Value.GetString(),
                    _ => property.Value.GetRawText(),
                };
            }
        }

        return texts;
    }
}
