using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Inputs;

/// <summary>
/// Inputs on Spark: paths without a scheme are on local disks (at the same path on every machine); URIs are read through Hadoop's
/// file systems, tables through Spark's catalogs.
/// </summary>
/// <param name="session">The session.</param>
/// <param name="cancellation">Ctrl-C; checked before each call.</param>
internal sealed class SparkInputs(SparkSession session, CancellationToken cancellation) : IInputStore
{
    private static readonly LocalInputs Local = LocalInputs.Instance;

    private readonly StoredTables _tables = new(session);

    /// <inheritdoc/>
    public string? WhyNot(string name) => null;

    /// <inheritdoc/>
    public string Full(string path)
    {
        string plain = Local.Full(path);
        return SourceName.IsUri(plain) ? Call(plain, () => HadoopFiles.Qualify(session, WithRoot(plain))) : plain;
    }

    /// <inheritdoc/>
    public StoredFile? Find(string path) =>
        SourceName.IsUri(path) ? Call(path, () => HadoopFiles.Find(session, path)) : Local.Find(path);

    /// <inheritdoc/>
    public IEnumerable<StoredFile> List(string folder) =>
        SourceName.IsUri(folder) ? Call(folder, () => HadoopFiles.List(session, folder)) : Local.List(folder);

    /// <inheritdoc/>
    public string RealPath(string path) => SourceName.IsUri(path) ? path : Local.RealPath(path);

    /// <inheritdoc/>
    public Stream Open(string file) => SourceName.IsUri(file)
        ? Call(file, () => new HadoopStream(session, file, HadoopFiles.Find(session, file)?.Length ?? 0))
        : Local.Open(file);

    /// <inheritdoc/>
    public string ContentHash(string file) => SourceName.IsUri(file)
        ? throw OneRecException.Configuration(
            "store.content", $"{file}: the driver does not read whole files of a URI, which input.hash=content needs; set input.hash=stat")
        : Local.ContentHash(file);

    /// <inheritdoc/>
    public StoredTable? FindTable(string name) => Call(name, () => _tables.Find(name));

    /// <inheritdoc/>
    public StoredTable? DeltaTable(string folder) =>
        SourceName.IsUri(folder) ? Call(folder, () => _tables.OfFolder(folder)) : Local.DeltaTable(folder);

    /// <inheritdoc/>
    public IEnumerable<string> FirstValues(StoredTable table, string column, int count) =>
        Call(table.Name, () => StoredTables.FirstValues(session, table, column, count));

    // A URI without a path is the root of its file system.
    private static string WithRoot(string uri) => uri.IndexOf('/', SourceName.SchemeOf(uri).Length + 3) < 0 ? uri + "/" : uri;

    private T Call<T>(string name, Func<T> call)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return session.Times.In(SparkTimes.Phase.Plan, call);
        }
        catch (JvmException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
        catch (JvmException e)
        {
            throw StoreErrors.Of(name, e);
        }
    }
}
