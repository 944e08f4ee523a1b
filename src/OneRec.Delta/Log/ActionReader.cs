using System.Text;
using System.Text.Json;
using OneRec.Core;

namespace OneRec.Delta;

/// <summary>Reads the JSON of commits, one action per line.</summary>
internal static class ActionReader
{
    // The range of the years 1 to 9999.
    private const long FirstMillisecond = -62_135_596_800_000;
    private const long LastMillisecond = 253_402_300_799_999;

    // With an identifier, so that one at the start of a file is skipped.
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true);

    /// <summary>The actions of a commit, in order, except for unknown kinds.</summary>
    /// <param name="table">Names the table in errors.</param>
    /// <param name="version">The commit's version.</param>
    /// <param name="path">The commit's file.</param>
    /// <exception cref="OneRecException">Table error <c>delta.log-broken</c>, naming version and line.</exception>
    public static IReadOnlyList<TableAction> ReadCommit(string table, long version, string path) =>
        ReadCommit(table, version, path, BytesOf(table, version, path));

    /// <summary>The bytes of a commit's file.</summary>
    /// <param name="table">Names the table in errors.</param>
    /// <param name="version">The commit's version.</param>
    /// <param name="path">The commit's file.</param>
    /// <exception cref="OneRecException">Table error <c>delta.log-broken</c>, naming the version.</exception>
    public static byte[] BytesOf(string table, long version, string path)
    {
        if (OnDisk(table, version, path, () => new FileInfo(path).Length) == 0)
        {
            // A pipe has no length either, and opening one waits for its writer.
            throw Broken(table, version, path, "is empty; restore the file");
        }

        return OnDisk(table, version, path, () => File.ReadAllBytes(path));
    }

    /// <summary>The actions of a commit, in order, except for unknown kinds.</summary>
    /// <param name="table">Names the table in errors.</param>
    /// <param name="version">The commit's version.</param>
    /// <param name="path">Names the commit's file in errors.</param>
    /// <param name="content">The bytes of the file.</param>
    /// <exception cref="OneRecException">Table error <c>delta.log-broken</c>, naming version and line.</exception>
    public static IReadOnlyList<TableAction> ReadCommit(string table, long version, string path, Stream content)
    {
        using var bytes = new MemoryStream();
        OnDisk(table, version, path, () =>
        {
            content.CopyTo(bytes);
            return true;
        });
        return ReadCommit(table, version, path, bytes.ToArray());
    }

    /// <summary>The actions of a commit, in order, except for unknown kinds.</summary>
    /// <param name="table">Names the table in errors.</param>
    /// <param name="version">The commit's version.</param>
    /// <param name="path">Names the commit's file in errors.</param>
    /// <param name="content">The bytes of the file.</param>
    /// <exception cref="OneRecException">Table error <c>delta.log-broken</c>, naming version and line.</exception>
    public static IReadOnlyList<TableAction> ReadCommit(string table, long version, string path, byte[] content)
    {
        var actions = new List<TableAction>();
        int lines = 0;
        int line = 0;

        // No other encoding is guessed: the reader would replace what is not valid in it.
        using var reader = new StreamReader(new MemoryStream(content), StrictUtf8, detectEncodingFromByteOrderMarks: false);
        while (OnDisk(table, version, path, reader.ReadLine) is { } text)
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
                throw Broken(table, version, path, $"line {line} is not a complete action; restore the file", e);
            }
        }

        if (lines == 0)
        {
            throw Broken(table, version, path, "is empty; restore the file");
        }

        if (CommitSeal.IsRight(content) == false)
        {
            // What is missing tells more than that something is.
            CommitMetrics.RequireWhole(table, version, actions);
            throw Broken(table, version, path, "differs from its seal: it was changed since it was written; restore the file");
        }

        return actions;
    }

    /// <summary>The error of a folder in place of a commit.</summary>
    public static OneRecException NotAFile(string table, long version, string path) => Broken(
        table, version, path, "is a folder, not a commit; restore the file, or move the folder away");

    private static T OnDisk<T>(string table, long version, string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DecoderFallbackException)
        {
            throw OneRecException.Table(
                "delta.log-broken",
                $"{table} version {version}: cannot read {LogPath.Folder}/{Path.GetFileName(path)}; restore the file",
                e);
        }
    }

    private static OneRecException Broken(string table, long version, string path, string what, Exception? e = null) =>
        OneRecException.Table(
            "delta.log-broken", $"{table} version {version}: {LogPath.Folder}/{Path.GetFileName(path)} {what}", e);

    private static TableAction? ReadAction(JsonElement line)
    {
        if (line.TryGetProperty("add", out JsonElement e))
        {
            return new AddFile(
                Required(e, "path"),
                Texts(e, "partitionValues"),
                e.GetProperty("size").GetInt64(),
                e.GetProperty("modificationTime").GetInt64(),
                e.GetProperty("dataChange").GetBoolean(),
                Text(e, "stats"),
                Texts(e, "tags"))
            {
                HasDeletionVector = e.TryGetProperty("deletionVector", out JsonElement rows) && rows.ValueKind != JsonValueKind.Null,
            };
        }

        if (line.TryGetProperty("remove", out e))
        {
            bool changes = !e.TryGetProperty("dataChange", out JsonElement d) || d.ValueKind != JsonValueKind.False;
            return new RemoveFile(Required(e, "path"), Whole(e, "deletionTimestamp"), changes);
        }

        if (line.TryGetProperty("metaData", out e))
        {
            return new Metadata(
                Required(e, "id"),
                Required(e, "schemaString"),
                Names(e, "partitionColumns"),
                Texts(e, "configuration").ToDictionary(p => p.Key, p => p.Value ?? ""),
                Whole(e, "createdTime"),
                Text(e, "name"),
                Text(e, "description"),
                e.TryGetProperty("format", out JsonElement f) ? Text(f, "provider") ?? "parquet" : "parquet")
            {
                FormatOptions = f.ValueKind == JsonValueKind.Object ? Texts(f, "options") : new Dictionary<string, string?>(),
            };
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
            return new ApplicationTransaction(Required(e, "appId"), e.GetProperty("version").GetInt64()) { LastUpdated = Whole(e, "lastUpdated") };
        }

        if (line.TryGetProperty("cdc", out _))
        {
            return new ChangeFile();
        }

        return line.TryGetProperty("commitInfo", out e) ? ReadCommitInfo(e) : null;
    }

    /// <summary>The protocol allows any JSON here, so nothing in it makes a table unreadable.</summary>
    private static CommitInfo ReadCommitInfo(JsonElement e)
    {
        return e.ValueKind == JsonValueKind.Object
            ? new CommitInfo(
                e.TryGetProperty("timestamp", out JsonElement t) && t.ValueKind == JsonValueKind.Number
                    && t.TryGetInt64(out long time) && time is >= FirstMillisecond and <= LastMillisecond
                        ? time
                        : null,
                Free("operation"),
                Texts(e, "operationParameters"),
                Free("userMetadata"),
                Free("engineInfo"))
            {
                Metrics = Texts(e, "operationMetrics"),
            }
            : new CommitInfo(null, null, new Dictionary<string, string?>(), null, null);

        string? Free(string name) => e.TryGetProperty(name, out JsonElement v) ? TextOf(v) : null;
    }

    private static string Required(JsonElement e, string name) =>
        e.GetProperty(name).GetString() ?? throw new FormatException($"{name} is null");

    private static string? Text(JsonElement e, string name) =>
        e.TryGetProperty(name, out JsonElement v) && v.ValueKind != JsonValueKind.Null ? v.GetString() : null;

    private static long? Whole(JsonElement e, string name) =>
        e.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.Number ? v.GetInt64() : null;

    private static string[] Names(JsonElement e, string name) =>
        e.TryGetProperty(name, out JsonElement v) && v.ValueKind == JsonValueKind.Array
            ? [.. v.EnumerateArray().Select(n => n.GetString() ?? throw new FormatException($"{name} has a null"))]
            : [];

    private static Dictionary<string, string?> Texts(JsonElement e, string name)
    {
        var texts = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (e.TryGetProperty(name, out JsonElement map) && map.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in map.EnumerateObject())
            {
                texts[property.Name] = TextOf(property.Value);
            }
        }

        return texts;
    }

    /// <summary>The text of a string, null for null, and the JSON of anything else.</summary>
    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };
}
