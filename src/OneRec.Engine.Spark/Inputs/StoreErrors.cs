using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Inputs;

/// <summary>Tells in one line why a file system or a catalog does not give an input. The caller adds the option.</summary>
internal static class StoreErrors
{
    /// <summary>The error of a path or a table.</summary>
    /// <param name="name">The path or the name of the table.</param>
    /// <param name="thrown">What the JVM threw.</param>
    public static OneRecException Of(string name, JvmException thrown)
    {
        ArgumentNullException.ThrowIfNull(thrown);
        if (thrown.Chain.Any(c => c.Type == "org.apache.hadoop.fs.UnsupportedFileSystemException" || IsMissingClass(c)))
        {
            string scheme = SourceName.SchemeOf(name);
            return OneRecException.Configuration(
                "store.scheme",
                $"{name}: Spark has no file system for {scheme}://; correct the scheme, or add its jars (spark.jars or spark.jars.packages)",
                thrown);
        }

        if (thrown.Chain.Any(c => c.Type.EndsWith("AccessControlException", StringComparison.Ordinal)
            || c.Type.EndsWith("AccessDeniedException", StringComparison.Ordinal)
            || c.Message.Contains("Permission denied", StringComparison.OrdinalIgnoreCase)))
        {
            return OneRecException.Input(
                "store.denied", $"{name}: access is denied; grant the user of Spark's driver and executors access to it", thrown);
        }

        return OneRecException.Input(
            "store.unreadable", $"{name} cannot be read: {SourceName.WithoutSecrets(SparkErrors.Translate(thrown).Message)}", thrown);
    }

    private static bool IsMissingClass(JvmCause cause) =>
        cause.Type == "java.lang.ClassNotFoundException" && cause.Message.Contains("FileSystem", StringComparison.Ordinal);
}
