using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Launch;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark;

/// <summary>What an engine holds that a run opened for itself: the tables' folder, and the session.</summary>
internal sealed class SparkOwner : IDisposable
{
    private readonly FolderLock? _lock;
    private readonly CancellationTokenRegistration _cancel;

    private SparkOwner(FolderLock? held, SparkSession session, CancellationToken cancellation)
    {
        _lock = held;
        Session = session;
        _cancel = cancellation.Register(CancelJobs);
    }

    /// <summary>The session.</summary>
    public SparkSession Session { get; }

    /// <summary>Holds a local folder of tables, as the local engine does; elsewhere a race is settled by the commits.</summary>
    /// <exception cref="Core.OneRecException">Another run holds the folder, or Spark does not start.</exception>
    public static SparkOwner Start(SparkOptions options, CancellationToken cancellation)
    {
        FolderLock? held = options.HasRemoteTables ? null : FolderLock.Take(options.Tables);
        SparkSession? session = null;
        try
        {
            session = SparkSession.Start(options);
            if (held is not null)
            {
                // Whose it was is gone, or the folder would be held.
                HadoopFiles.Delete(session, $"{options.Tables}/{SparkEngine.ScratchFolder}");
            }

            return new SparkOwner(held, session, cancellation);
        }
        catch
        {
            session?.Dispose();
            held?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cancel.Dispose();
        Session.Dispose();
        _lock?.Dispose();
    }

    private void CancelJobs()
    {
        try
        {
            Session.Context.Call("cancelAllJobs");
        }
        catch (Exception e) when (e is JvmException or Core.OneRecException)
        {
            // A JVM that is gone runs no jobs.
        }
    }
}
