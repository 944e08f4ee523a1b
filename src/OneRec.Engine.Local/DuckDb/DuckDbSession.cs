using Apache.Arrow;
using Apache.Arrow.Ipc;
using DuckDB.NET.Data;
using OneRec.Core;

namespace OneRec.Engine.Local.DuckDb;

/// <summary>An embedded DuckDB that returns results as streams of Arrow batches.</summary>
/// <remarks>
/// Batches come from the provider's Arrow stream in streaming mode. Without streaming, the whole result is built in memory
/// first (768 MB of vectors: peak 906 MiB, against 82 MiB streamed); Parquet scratch files in between take 17 times as long
/// (docs/benchmarks.md). Every stream has its own connection, so several streams can be open at once.
/// </remarks>
public sealed class DuckDbSession : IDisposable
{
    private readonly DuckDBConnection _connection;
    private readonly CancellationToken _cancellation;

    /// <summary>Opens an in-memory database.</summary>
    /// <param name="threads">DuckDB's threads, at least 1.</param>
    /// <param name="memoryBytes">Memory limit; beyond it DuckDB spills to <paramref name="scratch"/>.</param>
    /// <param name="scratch">An existing folder for spilled data.</param>
    /// <param name="cancellation">Stops statements.</param>
    public DuckDbSession(int threads, long memoryBytes, string scratch, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _connection = new DuckDBConnection("DataSource=:memory:");
        _connection.Open();
        var dialect = new DuckDbDialect();
        Execute($"SET threads = {threads}");
        Execute($"SET memory_limit = '{memoryBytes / 1024}KiB'");
        Execute($"SET temp_directory = {dialect.Text(Path.Combine(scratch, "spill"))}");
        Execute("SET preserve_insertion_order = false");
        Execute("SET autoinstall_known_extensions = false");
        Execute("SET autoload_known_extensions = false");
        Execute("SET GLOBAL TimeZone = 'UTC'");
        Execute("SET GLOBAL default_null_order = 'nulls_first'");
        foreach (string statement in Statements("macros.sql"))
        {
            Execute(statement);
        }
    }

    /// <summary>Finds the cause of a failed statement, such as a damaged file; null if there is none to find.</summary>
    public Func<OneRecException, OneRecException?>? Explain { get; set; }

    /// <summary>Runs a statement.</summary>
    public void Execute(string sql) => Run(_connection, sql);

    /// <summary>Leaves SQL nothing but reading below some folders; settings cannot be changed any more.</summary>
    /// <remarks>DuckDB can also spill to the scratch folder that it was opened with.</remarks>
    public void Restrict(params IEnumerable<string> folders)
    {
        var dialect = new DuckDbDialect();
        Execute($"SET allowed_directories = [{string.Join(", ", folders.Select(dialect.Text))}]");
        Execute("SET enable_external_access = false");
        Execute("SET lock_configuration = true");
    }

    /// <summary>The text that a SELECT of one row and column gives.</summary>
    public string Scalar(string sql)
    {
        using DuckDBCommand command = Command(_connection, sql);
        using CancellationTokenRegistration interrupt = _cancellation.Register(command.Cancel);
        return (string)Guard(command.ExecuteScalar, sql)!;
    }

    /// <summary>The columns of a SELECT, without running it.</summary>
    public Schema SchemaOf(string sql)
    {
        using DuckDBCommand command = Command(_connection, $"SELECT * FROM ({sql}) LIMIT 0");
        using CancellationTokenRegistration interrupt = _cancellation.Register(command.Cancel);
        using IArrowArrayStream stream = Guard(command.ExecuteArrowStream, sql);
        return stream.Schema;
    }

    /// <summary>The rows of a SELECT, streamed.</summary>
    /// <param name="sql">The SELECT.</param>
    /// <returns>Batches that the caller disposes. The query starts when the first one is read.</returns>
    public IEnumerable<RecordBatch> Stream(string sql)
    {
        using DuckDBConnection connection = _connection.Duplicate();
        connection.Open();
        using DuckDBCommand command = Command(connection, Streamable(connection, sql));
        command.UseStreamingMode = true;
        using CancellationTokenRegistration interrupt = _cancellation.Register(command.Cancel);
        using IArrowArrayStream stream = Guard(command.ExecuteArrowStream, sql);
        while (true)
        {
            _cancellation.ThrowIfCancellationRequested();
            RecordBatch? batch = Guard(() => stream.ReadNextRecordBatchAsync(_cancellation).AsTask().GetAwaiter().GetResult(), sql);
            if (batch is null)
            {
                yield break;
            }

            if (batch.Length == 0)
            {
                batch.Dispose();
                continue;
            }

            yield return batch;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>A query that can be streamed: the query itself, or one over a temporary table with its rows, in no order.</summary>
    private string Streamable(DuckDBConnection connection, string sql)
    {
        if (!StreamedUnion.IsIn(PlanOf(connection, sql)))
        {
            return sql;
        }

        // The table goes with the connection, and spills to disk as all that DuckDB holds.
        Run(connection, $"CREATE TEMP TABLE streamed AS {sql}");
        return "SELECT * FROM streamed";
    }

    private string PlanOf(DuckDBConnection connection, string sql)
    {
        using DuckDBCommand explain = Command(connection, "EXPLAIN (FORMAT JSON) " + sql);
        return Guard(
            () =>
            {
                using DuckDBDataReader reader = explain.ExecuteReader();
                reader.Read();
                return reader.GetString(1);
            },
            sql);
    }

    private void Run(DuckDBConnection connection, string sql)
    {
        using DuckDBCommand command = Command(connection, sql);
        using CancellationTokenRegistration interrupt = _cancellation.Register(command.Cancel);
        Guard(command.ExecuteNonQuery, sql);
    }

    private static DuckDBCommand Command(DuckDBConnection connection, string sql)
    {
        DuckDBCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // SqlRenderer quotes every value with the dialect; expressions are the user's own SQL.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }

    private T Guard<T>(Func<T> action, string sql)
    {
        try
        {
            return action();
        }
        catch (DuckDBException) when (_cancellation.IsCancellationRequested)
        {
            // A statement that was interrupted fails with an error of its own.
            throw new OperationCanceledException(_cancellation);
        }
        catch (DuckDBException failure)
        {
            OneRecException error = DuckDbError.Translate(failure, sql);
            throw Explain?.Invoke(error) ?? error;
        }
    }

    private static IEnumerable<string> Statements(string file)
    {
        IEnumerable<string> lines = SqlScript.Load(typeof(DuckDbSession), file).Text.Split('\n').Where(l => !l.StartsWith("--", StringComparison.Ordinal));
        return string.Join('\n', lines).Split(';').Select(s => s.Trim()).Where(s => s.Length > 0);
    }
}
