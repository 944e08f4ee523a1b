using System.Text.Json.Nodes;

namespace OneRec.Delta.Tests;

/// <summary>A table's log written line by line from the protocol's text: no writer of ours takes part.</summary>
internal sealed class HandLog(string folder)
{
    public const string IdSchema =
        """{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}},{"name":"p","type":"string","nullable":true,"metadata":{}}]}""";

    /// <summary>The table's folder.</summary>
    public string Folder { get; } = folder;

    public DeltaTable Table => DeltaTable.At(Folder);

    /// <summary>A file of the log.</summary>
    public string this[string name] => Path.Combine(Folder, "_delta_log", name);

    public static string Protocol(int reader = 1, int writer = 2, string? readerFeatures = null, string? writerFeatures = null) =>
        $$$"""{"protocol":{"minReaderVersion":{{{reader}}},"minWriterVersion":{{{writer}}}{{{Features("readerFeatures", readerFeatures)}}}{{{Features("writerFeatures", writerFeatures)}}}}}""";

    public static string MetaData(
        string schema = IdSchema, string partitionColumns = "[\"p\"]", string configuration = "{}", string? description = null) =>
        $$$"""{"metaData":{"id":"0b6b5a35-95b6-4b7a-9d7c-3f35d1e1a000","description":{{{Text(description)}}},"format":{"provider":"parquet","options":{}},"schemaString":{{{Text(schema)}}},"partitionColumns":{{{partitionColumns}}},"configuration":{{{configuration}}},"createdTime":1700000000000}}""";

    public static string Add(string path, long size = 1, string partitionValues = """{"p":"a"}""", string? stats = null) =>
        $$$"""{"add":{"path":{{{Text(path)}}},"partitionValues":{{{partitionValues}}},"size":{{{size}}},"modificationTime":1700000000000,"dataChange":true,"stats":{{{Text(stats)}}}}}""";

    public static string Remove(string path) =>
        $$$"""{"remove":{"path":{{{Text(path)}}},"deletionTimestamp":1700000000000,"dataChange":true}}""";

    public static string Txn(string app, long version) => $$$"""{"txn":{"appId":{{{Text(app)}}},"version":{{{version}}}}}""";

    /// <summary>Version 0: protocol 1/2 and <see cref="IdSchema"/>, partitioned by p.</summary>
    public HandLog Create(params string[] more) => Commit(0, [Protocol(), MetaData(), .. more]);

    /// <summary>Writes a commit's file, over one that is there.</summary>
    public HandLog Commit(long version, params string[] lines)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "_delta_log"));
        File.WriteAllText(this[$"{version:D20}.json"], string.Concat(lines.Select(l => l + "\n")));
        return this;
    }

    private static string Text(string? text) => text is null ? "null" : JsonValue.Create(text).ToJsonString();

    private static string Features(string name, string? features) => features is null ? "" : $",\"{name}\":{features}";
}
