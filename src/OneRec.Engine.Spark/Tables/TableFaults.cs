using System.Text.RegularExpressions;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Tables;

/// <summary>
/// Failures that come from the tables themselves: a damaged log, a data file that is gone or damaged, a folder that cannot be
/// written. They have the codes of the local engine (docs/delta.md), whatever exception Spark wraps them in.
/// </summary>
/// <param name="folder">The folder of the tables: a path or URI.</param>
internal sealed partial class TableFaults(string folder)
{
    private static readonly string[] LogTypes = ["org.apache.spark.sql.delta.", "io.delta.", "com.fasterxml.jackson.", "java.lang.IllegalArgumentException"];

    private readonly string _folder = Scheme().Replace(folder, "").TrimEnd('/');

    /// <summary>Translates a failure, which a table may have caused.</summary>
    public OneRecException Translate(JvmException thrown) => Of(thrown) ?? SparkErrors.Translate(thrown);

    /// <summary>Translates a failure to read the log of a table.</summary>
    /// <param name="table">The table's name.</param>
    /// <param name="thrown">The failure.</param>
    public OneRecException OfLog(string table, JvmException thrown)
    {
        ArgumentNullException.ThrowIfNull(thrown);
        if (Of(thrown) is { } known)
        {
            return known;
        }

        return thrown.Chain.LastOrDefault(c => LogTypes.Any(t => c.Type.StartsWith(t, StringComparison.Ordinal))) is { } cause
            ? Broken($"{_folder}/{table}", cause.Message, thrown)
            : SparkErrors.Translate(thrown);
    }

    private OneRecException? Of(JvmException thrown)
    {
        foreach (JvmCause cause in thrown.Chain)
        {
            if (Place(cause.Message) is not { } path)
            {
                continue;
            }

            bool isRead = cause.Message.Contains("Encountered error while reading file", StringComparison.Ordinal);
            if (path.Contains("/_delta_log/", StringComparison.Ordinal) && (isRead || cause.Message.Contains("[DELTA_", StringComparison.Ordinal)))
            {
                return Broken(path[..path.IndexOf("/_delta_log/", StringComparison.Ordinal)], cause.Message, thrown);
            }

            // Spark 4 wraps a missing file in the same words as a damaged one.
            if (isRead)
            {
                return thrown.Chain.Any(IsMissingFile)
                    ? Missing(path, thrown)
                    : OneRecException.Table("delta.file-broken", $"cannot read {path} as Parquet; restore the file", thrown);
            }

            if (IsUnwritable(cause))
            {
                return OneRecException.Configuration(
                    "tables.unwritable", $"tables folder {folder} cannot be written ({Line(cause.Message)}); set 'tables' to a folder you can write", thrown);
            }

            if (IsMissingFile(cause))
            {
                return Missing(path, thrown);
            }
        }

        return null;
    }

    // Hadoop's local file system has a FileNotFoundException of Java's for a file that may not be opened.
    private static bool IsUnwritable(JvmCause cause) => cause.Type.EndsWith("ParentNotDirectoryException", StringComparison.Ordinal)
        || cause.Type.EndsWith("AccessControlException", StringComparison.Ordinal)
        || cause.Message.StartsWith("Mkdirs failed to create ", StringComparison.Ordinal)
        || cause.Message.EndsWith("(Permission denied)", StringComparison.Ordinal)
        || cause.Message.EndsWith("(Read-only file system)", StringComparison.Ordinal);

    private static bool IsMissingFile(JvmCause cause) => cause.Type.EndsWith("FileNotFoundException", StringComparison.Ordinal)
        || cause.Message.Contains("FILE_NOT_EXIST", StringComparison.Ordinal);

    private static OneRecException Missing(string path, JvmException thrown) =>
        OneRecException.Table("delta.file-missing", $"{path} does not exist; restore the file", thrown);

    private static OneRecException Broken(string table, string message, JvmException thrown) => OneRecException.Table(
        "delta.log-broken", $"{table}: its log cannot be read ({Line(message)}); restore the files of _delta_log", thrown);

    // Spark writes a local path as file:/a, file:///a or /a.
    private string? Place(string message)
    {
        int at = message.IndexOf(_folder, StringComparison.Ordinal);
        if (at < 0)
        {
            return null;
        }

        string path = Uri.UnescapeDataString(Word().Match(message, at).Value.TrimEnd('.', ':'));
        return path.Length == _folder.Length || path[_folder.Length] == '/' ? path : null;
    }

    // It goes into a sentence.
    private static string Line(string text) => SparkErrors.FirstLine(text).TrimEnd('.');

    [GeneratedRegex(@"\A[a-z][a-z0-9+.-]*:/*(?=/)", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Scheme();

    [GeneratedRegex(@"\G[^\s'"",\])]+", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
