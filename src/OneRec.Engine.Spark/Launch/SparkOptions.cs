namespace OneRec.Engine.Spark.Launch;

/// <summary>How the Spark engine is set up.</summary>
public sealed record SparkOptions
{
    /// <summary>Spark's folder.</summary>
    /// <value>Default null: <c>SPARK_HOME</c>.</value>
    public string? Home { get; init; }

    /// <summary>Spark's master, if Spark is started here; a setting <c>spark.master</c> overrides it.</summary>
    /// <value>Default <c>local[*]</c>.</value>
    public string Master { get; init; } = "local[*]";

    /// <summary>Settings of the session, by their names in Spark (<c>spark.*</c>).</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>The folder of the Delta tables: a path, or a URI of a Hadoop file system.</summary>
    public required string Tables { get; init; }

    /// <summary>Whether only Spark can access the tables.</summary>
    public bool HasRemoteTables => IsUri(Tables);

    /// <summary>The path of the worker on the executors: absolute, or relative to their working directory.</summary>
    public required string Worker { get; init; }

    /// <summary>Memory of a task of a kernel in bytes, if <c>spark.executor.pyspark.memory</c> is not set.</summary>
    /// <value>Default 1 GiB.</value>
    public long TaskMemory { get; init; } = 1L << 30;

    /// <summary>Receives the log of the JVM line by line, on background threads.</summary>
    /// <value>Default null: dropped, except for lines quoted in an error.</value>
    public Action<string>? Log { get; init; }

    /// <summary>Whether a folder is a URI, which only Spark can access.</summary>
    public static bool IsUri(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        return folder.Contains("://", StringComparison.Ordinal);
    }
}
