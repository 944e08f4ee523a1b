namespace OneRec.Engine.Spark.Launch;

/// <summary>How the Spark engine is set up.</summary>
public sealed record SparkOptions
{
    /// <summary>Spark's folder.</summary>
    /// <value>Default null: <c>SPARK_HOME</c>.</value>
    public string? Home { get; init; }

    /// <summary>Spark's master, where we start Spark; a setting <c>spark.master</c> wins.</summary>
    /// <value>Default <c>local[*]</c>.</value>
    public string Master { get; init; } = "local[*]";

    /// <summary>Settings for the session, by their names in Spark (<c>spark.*</c>).</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder of the Delta tables: a path, or a URI that Spark's Hadoop file systems know.</summary>
    public required string Tables { get; init; }

    /// <summary>Whether the tables lie where only Spark reaches them.</summary>
    public bool HasRemoteTables => IsUri(Tables);

    /// <summary>The worker's executable as executors find it: a full path, or one relative to their working folder.</summary>
    public required string Worker { get; init; }

    /// <summary>Bytes that a task of a kernel may hold, where <c>spark.executor.pyspark.memory</c> says nothing.</summary>
    /// <value>Default 1 GiB.</value>
    public long TaskMemory { get; init; } = 1L << 30;

    /// <summary>Takes the JVM's log, a line at a time, on threads of its own.</summary>
    /// <value>Default null: dropped, but for what an error quotes.</value>
    public Action<string>? Log { get; init; }

    /// <summary>Whether a folder is named by a URI, which only Spark reaches.</summary>
    public static bool IsUri(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.Contains("://", StringComparison.Ordinal);
    }
}
