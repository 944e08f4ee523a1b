using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Launch;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark;

/// <summary>What an engine that was started for a run owns: the lock of the tables folder and the session.</summary>
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

    /// <summary>
    /// Locks a local tables folder, as the local engine does, and starts Spark. Elsewhere there is no lock: commits decide a race.
    /// </summary>
    /// <param name="options">The setup.</param>
    /// <param name="access">Who shares the tables takes no lock.</param>
    /// <param name="cancellation">Cancels Spark's jobs.</param>
    /// <exception cref="Core.OneRecException">Another run uses the folder, or Spark does not start.</exception>
    public static SparkOwner Start(SparkOptions options, EngineAccess access, CancellationToken cancellation)
    {
        FolderLock? held = options.HasRemoteTables || access != EngineAccess.Run ? null : FolderLock.Take(options.Tables);
        SparkSession? session = null;
        try
        {
            session = SparkSession.Start(options);
            if (held is not null)
            {
                // The run that made it has ended; otherwise the folder would be locked.
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
            // A JVM that has ended runs no jobs.
        }
    }
}
