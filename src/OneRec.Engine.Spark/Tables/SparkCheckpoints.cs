using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Tables;

/// <summary>Checkpoints as files in a folder beside the tables, written through Spark.</summary>
/// <param name="session">The session.</param>
/// <param name="tables">The tables: a folder that cannot be written is told as it is for them.</param>
/// <param name="name">The folder's name; it is created when needed.</param>
internal sealed class SparkCheckpoints(SparkSession session, DeltaTables tables, string name) : ICheckpoints
{
    private readonly string _folder = tables.PathOf(name);

    /// <inheritdoc/>
    public byte[]? Load(string step, string name) => Guard(() => HadoopFiles.TryRead(session, Place(step, name)));

    /// <inheritdoc/>
    public void Save(string step, string name, byte[] bytes) => Guard(() =>
    {
        HadoopFiles.Replace(session, Place(step, name), bytes);
        return true;
    });

    /// <inheritdoc/>
    public bool TryCreate(string step, string name, byte[] bytes) => Guard(() => HadoopFiles.TryCreate(session, Place(step, name), bytes));

    /// <inheritdoc/>
    public IReadOnlyList<string> Names(string step) => Guard<IReadOnlyList<string>>(() =>
        HadoopFiles.Find(session, $"{_folder}/{step}") is null
            ? []
            : [.. HadoopFiles.List(session, $"{_folder}/{step}")
                .Select(f => f.Name)
                .Where(f => !f.EndsWith(HadoopFiles.PartSuffix, StringComparison.Ordinal))]);

    /// <inheritdoc/>
    public void Remove(string step, string name) => Delete(Place(step, name));

    /// <inheritdoc/>
    public void Clear(string step) => Delete($"{_folder}/{step}");

    private string Place(string step, string name) => $"{_folder}/{step}/{name}";

    private void Delete(string path) => Guard(() =>
    {
        HadoopFiles.Delete(session, path);
        return true;
    });

    private T Guard<T>(Func<T> call) => SparkErrors.Guard(call, tables.Faults.Translate);
}
