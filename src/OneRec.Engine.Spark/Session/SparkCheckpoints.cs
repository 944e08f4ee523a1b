namespace OneRec.Engine.Spark.Session;

/// <summary>Checkpoints as files in a folder beside the tables, written through Spark.</summary>
/// <param name="session">The session.</param>
/// <param name="folder">The folder: a path or URI; created when needed.</param>
internal sealed class SparkCheckpoints(SparkSession session, string folder) : ICheckpoints
{
    /// <inheritdoc/>
    public byte[]? Load(string step, string name) => SparkErrors.Guard(() => HadoopFiles.TryRead(session, $"{folder}/{step}/{name}"));

    /// <inheritdoc/>
    public void Save(string step, string name, byte[] bytes) =>
        SparkErrors.Guard(() => HadoopFiles.Replace(session, $"{folder}/{step}/{name}", bytes));

    /// <inheritdoc/>
    public bool TryCreate(string step, string name, byte[] bytes) =>
        SparkErrors.Guard(() => HadoopFiles.TryCreate(session, $"{folder}/{step}/{name}", bytes));

    /// <inheritdoc/>
    public IReadOnlyList<string> Names(string step) => SparkErrors.Guard<IReadOnlyList<string>>(() =>
        HadoopFiles.Find(session, $"{folder}/{step}") is null
            ? []
            : [.. HadoopFiles.List(session, $"{folder}/{step}")
                .Select(f => f.Name)
                .Where(f => !f.EndsWith(HadoopFiles.PartSuffix, StringComparison.Ordinal))]);

    /// <inheritdoc/>
    public void Remove(string step, string name) => SparkErrors.Guard(() => HadoopFiles.Delete(session, $"{folder}/{step}/{name}"));

    /// <inheritdoc/>
    public void Clear(string step) => SparkErrors.Guard(() => HadoopFiles.Delete(session, $"{folder}/{step}"));
}
