using System.Globalization;
using OneRec.Core;

namespace OneRec.Engine.Spark.Session;

/// <summary>The settings of a session: those that results depend on, good defaults, and the user's own.</summary>
public static class SparkSettings
{
    private static readonly Dictionary<string, string> Promised = new(StringComparer.Ordinal)
    {
        // SQL means the same on both engines only with these.
        ["spark.sql.ansi.enabled"] = "true",
        ["spark.sql.ansi.doubleQuotedIdentifiers"] = "true",
        ["spark.sql.session.timeZone"] = "UTC",

        // A literal that contains ${...} must not be changed.
        ["spark.sql.variable.substitute"] = "false",
        ["spark.sql.parquet.outputTimestampType"] = "TIMESTAMP_MICROS",

        // Folder names are read as text: OneRec.Inputs infers their type from all names, as for values.
        ["spark.sql.sources.partitionColumnTypeInference.enabled"] = "false",

        // A record with too few or too many fields is detected only if all columns are parsed.
        ["spark.sql.csv.parser.columnPruning.enabled"] = "false",
        ["spark.sql.execution.arrow.useLargeVarTypes"] = "false",
        ["spark.sql.extensions"] = "io.delta.sql.DeltaSparkSessionExtension",
        ["spark.sql.catalog.spark_catalog"] = "org.apache.spark.sql.delta.catalog.DeltaCatalog",
    };

    // VACUUM lists a table's files by this many tasks, however few there are; Spark's default is 10,000, a minute for each table.
    private const string Listing = "spark.sql.sources.parallelPartitionDiscovery.parallelism";
    private const string ListingOnClusters = "256";

    // A page of a Parquet file that differs from its checksum is refused, not decoded to other rows.
    private static readonly KeyValuePair<string, string> Checksums = new("spark.hadoop.parquet.page.verify-checksum.enabled", "true");

    /// <summary>All settings of a session.</summary>
    /// <param name="master">Spark's master; empty if <c>spark-submit</c> chose it.</param>
    /// <param name="user">The user's settings.</param>
    /// <exception cref="OneRecException">Configuration error <c>spark.setting</c>: a user's value changes a setting that results depend on.</exception>
    public static IReadOnlyDictionary<string, string> For(string master, IReadOnlyDictionary<string, string> user)
    {
        ArgumentNullException.ThrowIfNull(master);
        ArgumentNullException.ThrowIfNull(user);
        Dictionary<string, string> all = master.StartsWith("local", StringComparison.Ordinal) ? Local(master) : [];
        foreach ((string name, string value) in user)
        {
            if (Promised.TryGetValue(name, out string? promised) && !IsAllowed(name, value, promised))
            {
                throw OneRecException.Configuration(
                    "spark.setting",
                    $"{name} must be {promised} (got {value}) because results depend on it; remove the setting");
            }

            all[name] = value;
        }

        foreach ((string name, string value) in Promised.Append(Checksums).Append(new(Listing, ListingOnClusters)))
        {
            all.TryAdd(name, value);
        }

        return all;
    }

    // Extensions are a list: others may be added to Delta's.
    private static bool IsAllowed(string name, string value, string promised) => name == "spark.sql.extensions"
        ? value.Split(',', StringSplitOptions.TrimEntries).Contains(promised, StringComparer.Ordinal)
        : string.Equals(value, promised, StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, string> Local(string master)
    {
        string tasks = Math.Max(2, 2 * Cores(master)).ToString(CultureInfo.InvariantCulture);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["spark.driver.host"] = "127.0.0.1",
            ["spark.driver.bindAddress"] = "127.0.0.1",
            ["spark.ui.enabled"] = "false",

            // On one machine, the defaults of 200 shuffle partitions and 50 partitions of a table's state would mostly be empty.
            ["spark.sql.shuffle.partitions"] = tasks,
            ["spark.databricks.delta.snapshotPartitions"] = "2",
            [Listing] = tasks,
        };
    }

    // local, local[N], local[N,failures], local[*]; local-cluster[executors,cores per executor,memory].
    private static int Cores(string master)
    {
        string[] numbers = master.TrimEnd(']').Split('[', ',');
        int Number(int place) => numbers.Length <= place ? 1
            : int.TryParse(numbers[place], out int given) ? given
            : numbers[place] == "*" ? Environment.ProcessorCount : 1;
        return numbers[0] == "local-cluster" ? Number(1) * Number(2) : Number(1);
    }
}
