using System.Text.Encodings.Web;
using System.Text.Json;

namespace OneRec.Delta;

/// <summary>Writes a commit's JSON, one action per line.</summary>
internal sealed class ActionWriter : IDisposable
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly MemoryStream _bytes = new();

    /// <summary>The complete commit with its seal.</summary>
    public byte[] Sealed()
    {
        byte[] commit = _bytes.ToArray();
        CommitSeal.Close(commit);
        return commit;
    }

    public void Dispose() => _bytes.Dispose();

    public void Protocol(Protocol protocol) => Line("protocol", w =>
    {
        w.WriteNumber("minReaderVersion", protocol.MinReaderVersion);
        w.WriteNumber("minWriterVersion", protocol.MinWriterVersion);
    });

    public void Metadata(Metadata metadata) => Line("metaData", w =>
    {
        w.WriteString("id", metadata.Id);
        w.WriteStartObject("format");
        w.WriteString("provider", metadata.Provider);
        w.WriteStartObject("options");
        w.WriteEndObject();
        w.WriteEndObject();
        w.WriteString("schemaString", metadata.SchemaString);
        w.WriteStartArray("partitionColumns");
        foreach (string column in metadata.PartitionColumns)
        {
            w.WriteStringValue(column);
        }

        w.WriteEndArray();
        Texts(w, "configuration", metadata.Configuration.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)));
        if (metadata.CreatedTime is { } created)
        {
            w.WriteNumber("createdTime", created);
        }
    });

    public void Transaction(ApplicationTransaction transaction, long lastUpdated) => Line("txn", w =>
    {
        w.WriteString("appId", transaction.AppId);
        w.WriteNumber("version", transaction.Version);
        w.WriteNumber("lastUpdated", lastUpdated);
    });

    public void Add(DataFile file, bool dataChange) => Line("add", w =>
    {
        w.WriteString("path", file.Path);
        Texts(w, "partitionValues", file.PartitionValues);
        w.WriteNumber("size", file.Size);
        w.WriteNumber("modificationTime", file.ModificationTime);
        w.WriteBoolean("dataChange", dataChange);
        w.WriteString("stats", file.StatsJson);
        Texts(w, "tags", [KeyValuePair.Create(AddFile.Sha256Tag, (string?)file.Sha256)]);
    });

    public void Remove(AddFile file, long deletionTimestamp, bool dataChange) => Line("remove", w =>
    {
        w.WriteString("path", file.Path);
        w.WriteNumber("deletionTimestamp", deletionTimestamp);
        w.WriteBoolean("dataChange", dataChange);
        w.WriteBoolean("extendedFileMetadata", true);
        Texts(w, "partitionValues", file.PartitionValues);
        w.WriteNumber("size", file.Size);
    });

    public void CommitInfo(
        long timestamp,
        string operation,
        IReadOnlyDictionary<string, string> parameters,
        long? readVersion,
        bool isBlindAppend,
        IReadOnlyDictionary<string, string> metrics,
        string? userMetadata,
        string engineInfo) => Line("commitInfo", w =>
    {
        w.WriteString(CommitSeal.Field, CommitSeal.Open);
        w.WriteNumber("timestamp", timestamp);
        w.WriteString("operation", operation);
        Texts(w, "operationParameters", parameters.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)));
        if (readVersion is { } version)
        {
            w.WriteNumber("readVersion", version);
        }

        w.WriteString("isolationLevel", "Serializable");
        w.WriteBoolean("isBlindAppend", isBlindAppend);
        Texts(w, "operationMetrics", metrics.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value)));
        if (userMetadata is not null)
        {
            w.WriteString("userMetadata", userMetadata);
        }

        w.WriteString("engineInfo", engineInfo);
    });

    private static void Texts(Utf8JsonWriter w, string name, IEnumerable<KeyValuePair<string, string?>> texts)
    {
        w.WriteStartObject(name);
        foreach ((string key, string? value) in texts)
        {
            w.WriteString(key, value);
        }

        w.WriteEndObject();
    }

    private void Line(string action, Action<Utf8JsonWriter> write)
    {
        using (var w = new Utf8JsonWriter(_bytes, Options))
        {
            w.WriteStartObject();
            w.WriteStartObject(action);
            write(w);
            w.WriteEndObject();
            w.WriteEndObject();
        }

        _bytes.WriteByte((byte)'\n');
    }
}
