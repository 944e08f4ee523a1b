using System.Text.RegularExpressions;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Kernels.Remote;

namespace OneRec.Engine.Spark.Session;

/// <summary>Translates a Java exception into one line for the user.</summary>
public static partial class SparkErrors
{
    private const string Sql = "org.apache.spark.sql.";

    /// <summary>
    /// The failure of a kernel if a worker sent one, with the same kind and code as on the local engine; otherwise Spark's
    /// message, from the innermost cause.
    /// </summary>
    public static OneRecException Translate(JvmException thrown)
    {
        ArgumentNullException.ThrowIfNull(thrown);
        foreach (JvmCause cause in thrown.Chain)
        {
            if (WorkerFailure.TryRead(cause.Message) is { } failure)
            {
                return failure;
            }
        }

        JvmCause inner = thrown.Chain.LastOrDefault(c => c.Message.Length > 0)
            ?? new JvmCause("", thrown.Message);
        string line = FirstLine(inner.Message);
        if (thrown.Chain.Select(c => ReadFailure().Match(c.Message)).FirstOrDefault(m => m.Success) is { } read)
        {
            string file = Uri.UnescapeDataString(read.Groups[1].Value);
            file = file.StartsWith("file:", StringComparison.Ordinal) ? "/" + file["file:".Length..].TrimStart('/') : file;
            return file.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
                ? OneRecException.Input("input.gzip", $"{file} is a truncated or corrupt gzip file; copy it again or rewrite it", thrown)
                : OneRecException.Input("input.unreadable", $"{file} cannot be read: {line}", thrown);
        }

        if (thrown.Chain.FirstOrDefault(c => c.Message.Contains("No space left on device", StringComparison.Ordinal)) is not null)
        {
            return OneRecException.Engine(
                "spark.disk",
                "no disk space left for Spark: free space on the disk of the tables, or set spark.local.dir to a folder on a larger disk",
                thrown);
        }

        if (thrown.Chain.FirstOrDefault(c => IsAnalysis(c.Type)) is { } analysis)
        {
            string said = FirstLine(analysis.Message);
            string why = UnknownColumn().Match(said) is { Success: true } unknown
                ? $"there is no column '{unknown.Groups[1].Value}'"
                : $"Spark rejected the SQL: {said}";
            return OneRecException.Engine("spark.sql", why, thrown);
        }

        string type = inner.Type.Length == 0 ? "" : $"{inner.Type[(inner.Type.LastIndexOf('.') + 1)..]}: ";
        return OneRecException.Engine("spark.failed", $"Spark failed: {type}{line}", thrown);
    }

    /// <summary>Calls the JVM and translates its exceptions.</summary>
    /// <param name="call">The call.</param>
    /// <param name="translate">Translates an exception; null: <see cref="Translate"/>.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <exception cref="OneRecException">As <paramref name="translate"/> makes it.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled before it started, or failed after that.</exception>
    public static T Guard<T>(
        Func<T> call, Func<JvmException, OneRecException>? translate = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return call();
        }
        catch (JvmException) when (cancellation.IsCancellationRequested)
        {
            // A cancelled job fails with an exception of its own.
            throw new OperationCanceledException(cancellation);
        }
        catch (JvmException e)
        {
            throw (translate ?? Translate)(e);
        }
    }

    /// <summary>Calls the JVM for what it does, and translates its exceptions.</summary>
    /// <exception cref="OneRecException">As <see cref="Translate"/> makes it.</exception>
    public static void Guard(Action call) => Guard<object?>(() =>
    {
        call();
        return null;
    });

    private static bool IsAnalysis(string type) => type.StartsWith(Sql, StringComparison.Ordinal)
        && (type.EndsWith("AnalysisException", StringComparison.Ordinal) || type.EndsWith("ParseException", StringComparison.Ordinal));

    // FileScanRDD's words around whatever a reader threw.
    [GeneratedRegex(@"Encountered error while reading file (\S+?)\.(?: +Details:|\s|$)")]
    private static partial Regex ReadFailure();

    [GeneratedRegex(@"\A\[UNRESOLVED_COLUMN\b.* with name `(.+)` cannot be resolved\.", RegexOptions.CultureInvariant)]
    private static partial Regex UnknownColumn();

    /// <summary>The first line of a message that is not blank.</summary>
    internal static string FirstLine(string text) =>
        text.Split('\n').Select(l => l.Trim()).FirstOrDefault(l => l.Length > 0) ?? "no message";
}
