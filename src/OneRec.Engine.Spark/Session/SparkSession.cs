using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Launch;
using OneRec.Engine.Spark.Releases;

namespace OneRec.Engine.Spark.Session;

/// <summary>A Spark session and the bridge to it. Starting one is expensive, so engines may share it.</summary>
public sealed class SparkSession : IDisposable
{
    private readonly SparkDriver _driver;
    private readonly Lazy<JvmObject?> _scoring;

    private SparkSession(SparkDriver driver, JvmObject session, SparkRelease release, SparkTimes times)
    {
        _driver = driver;
        Times = times;
        Session = session;
        Release = release;
        _scoring = new Lazy<JvmObject?>(() => GpuProfile.Of(this));
        using JvmObject context = session.Get("sparkContext");
        Context = Jvm.GetStatic("org.apache.spark.api.java.JavaSparkContext", "fromSparkContext", context);
        ShufflePartitions = int.Parse(Setting("spark.sql.shuffle.partitions"), System.Globalization.CultureInfo.InvariantCulture);
        TaskSlots = (int)Context.Call("defaultParallelism")!;
        TaskCores = int.Parse(Setting("spark.task.cpus", "1"), System.Globalization.CultureInfo.InvariantCulture);
        Reports = new TaskReports(Context);
        IsEncrypted = Jvm.CallStatic("org.apache.spark.api.python.PythonUtils", "isEncryptionEnabled", Context) is true;
    }

    /// <summary>The bridge.</summary>
    public IJvm Jvm => _driver.Jvm;

    /// <summary>The <c>SparkSession</c>.</summary>
    public JvmObject Session { get; }

    /// <summary>The <c>JavaSparkContext</c>.</summary>
    public JvmObject Context { get; }

    /// <summary>Spark's release.</summary>
    public SparkRelease Release { get; }

    /// <summary>Partitions of a shuffle (<c>spark.sql.shuffle.partitions</c>).</summary>
    public int ShufflePartitions { get; }

    /// <summary>Tasks that run at once (<c>spark.default.parallelism</c>, else the number of cores).</summary>
    public int TaskSlots { get; }

    /// <summary>Cores per task (<c>spark.task.cpus</c>).</summary>
    public int TaskCores { get; }

    /// <summary>Time spent by the driver, by phase.</summary>
    internal SparkTimes Times { get; }

    /// <summary>Reports of workers about finished tasks.</summary>
    public TaskReports Reports { get; }

    /// <summary>The <c>ResourceProfile</c> of tasks that score on GPUs; null if they use that of all tasks.</summary>
    /// <exception cref="OneRecException">Configuration error <c>spark.setting</c>.</exception>
    public JvmObject? ScoringProfile => _scoring.Value;

    /// <summary>Whether Spark encrypts what it writes to local disks (<c>spark.io.encryption.enabled</c>).</summary>
    public bool IsEncrypted { get; }

    /// <summary>Starts or joins Spark, and opens a session with the required settings.</summary>
    /// <exception cref="OneRecException">Spark is missing, has an unsupported version or Java, or does not start.</exception>
    public static SparkSession Start(SparkOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var times = new SparkTimes();
        return times.In(SparkTimes.Phase.Start, () => Start(options, times));
    }

    private static SparkSession Start(SparkOptions options, SparkTimes times)
    {
        string master = SparkDriver.IsGiven ? "" : options.Settings.GetValueOrDefault("spark.master", options.Master);
        IReadOnlyDictionary<string, string> settings = SparkSettings.For(master, options.Settings);
        SparkDriver driver = SparkDriver.Connect(options.Home, master, settings, options.Log);
        try
        {
            return Open(driver, settings, times);
        }
        catch (JvmException e)
        {
            driver.Dispose();
            throw SparkErrors.Translate(e);
        }
        catch
        {
            driver.Dispose();
            throw;
        }
    }

    /// <summary>The current value of a setting.</summary>
    public string Setting(string name)
    {
        using JvmObject settings = Session.Get("conf");
        return (string?)settings.Call("get", name) ?? "";
    }

    /// <summary>The current value of a setting, or a default if it is not set.</summary>
    public string Setting(string name, string otherwise)
    {
        using JvmObject settings = Session.Get("conf");
        return (string)settings.Call("get", name, otherwise)!;
    }

    /// <summary>Bytes that tasks have read from files, of all executors so far.</summary>
    public long InputBytes() => SparkErrors.Guard(() =>
    {
        using JvmObject context = Session.Get("sparkContext");
        using JvmObject store = context.Get("statusStore");
        using JvmObject executors = store.Get("executorList", false);
        return JvmCalls.Items(executors).Sum(executor => (long)((JvmObject)executor!).Call("totalInputBytes")!);
    });

    /// <summary>A column by its exact name.</summary>
    public JvmObject Column(string name) =>
        Jvm.GetStatic("org.apache.spark.sql.functions", "col", SparkDialect.Instance.Name(name));

    /// <summary>A column of an SQL expression.</summary>
    public JvmObject Expression(string sql) => Jvm.GetStatic("org.apache.spark.sql.functions", "expr", sql);

    /// <summary>Columns as the array that the methods of <c>Dataset</c> take.</summary>
    public JvmObject Columns(IEnumerable<JvmObject> columns) => Jvm.Array("org.apache.spark.sql.Column", [.. columns]);

    /// <summary>The order defined by the engine seam: ascending, nulls first.</summary>
    public JvmObject Ascending(IEnumerable<string> names) => Columns(names.Select(n => Column(n).Get("asc_nulls_first")));

    /// <summary>A <c>StructType</c> from its JSON.</summary>
    public JvmObject Type(string json) => Jvm.GetStatic("org.apache.spark.sql.types.DataType", "fromJson", json);

    /// <summary>Stops the session, and the JVM if this process started it.</summary>
    public void Dispose()
    {
        try
        {
            Session.Call("stop");
        }
        catch (Exception e) when (e is JvmException or OneRecException)
        {
            // A JVM that has ended has no session to stop.
        }

        _driver.Dispose();
        Reports.Dispose();
    }

    private static SparkSession Open(SparkDriver driver, IReadOnlyDictionary<string, string> settings, SparkTimes times)
    {
        JvmObject builder = driver.Jvm.GetStatic("org.apache.spark.sql.SparkSession", "builder").Get("appName", "onerec");
        foreach ((string name, string value) in settings)
        {
            builder = builder.Get("config", name, value);
        }

        JvmObject session = builder.Get("getOrCreate");
        using JvmObject context = session.Get("sparkContext");
        context.Call("setLogLevel", "WARN");
        return new SparkSession(driver, session, SparkRelease.Of((string)session.Call("version")!), times);
    }
}
