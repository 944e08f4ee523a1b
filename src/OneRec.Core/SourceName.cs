using System.Text.RegularExpressions;

namespace OneRec.Core;

/// <summary>What the text of an input option names: a local path, a URI of a file system, or a table of a catalog.</summary>
public static partial class SourceName
{
    private const string Separator = "://";
    private const string LocalScheme = "file";

    /// <summary>Whether a text is a URI with a scheme, such as <c>hdfs://names/log</c>.</summary>
    public static bool IsUri(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains(Separator, StringComparison.Ordinal);
    }

    /// <summary>
    /// Whether a text can be the name of a table: two or three names joined by dots, each a word or anything in back quotes. Names
    /// that end like a data file (<c>.csv</c>, <c>.gz</c>, <c>.parquet</c>) are paths.
    /// </summary>
    public static bool IsTable(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TableName().IsMatch(text) && !FileName().IsMatch(text);
    }

    /// <summary>The local path that a URI with scheme <c>file</c> names, as Hadoop reads it (nothing is unescaped); other texts are unchanged.</summary>
    public static string Plain(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        Match local = LocalUri().Match(text);
        return local.Success ? local.Groups[1].Value : text;
    }

    /// <summary>The scheme of a URI.</summary>
    public static string SchemeOf(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri[..Math.Max(0, uri.IndexOf(Separator, StringComparison.Ordinal))];
    }

    /// <summary>Adds a line if a text is a URI with what may be a secret: messages, logs and tables name inputs.</summary>
    /// <param name="problems">Receives the line.</param>
    /// <param name="key">The option.</param>
    /// <param name="text">Its value; null if it is not set.</param>
    public static void RequireNoSecrets(Problems problems, string key, string? text)
    {
        ArgumentNullException.ThrowIfNull(problems);
        string? shown = text is null ? null : WithoutSecrets(text);
        problems.Require(
            shown == text, key, "must have neither user and password nor a query; give credentials as options spark.hadoop.*", shown);
    }

    /// <summary>A URI without what may be a secret: everything before <c>@</c> of its host, and the query.</summary>
    /// <remarks>For abfs and wasb, the text before <c>@</c> is the name of a container.</remarks>
    public static string WithoutSecrets(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string shown = UserInfo().Replace(text, "$1***@");
        return IsUri(text) ? Query().Replace(shown, "?***") : shown;
    }

    [GeneratedRegex(@"\A(?:[\p{L}_]\w*|`[^`/]+`)(?:\.(?:[\p{L}_]\w*|`[^`/]+`)){1,2}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TableName();

    [GeneratedRegex(@"\.(?:csv|gz|parquet)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex FileName();

    [GeneratedRegex($@"\A{LocalScheme}://(?:localhost)?(/.*)\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex LocalUri();

    // A password may contain a slash, although a URI may not; what follows a port is a path.
    [GeneratedRegex(@"((?:\A|(?<=\W))(?!(?:abfss?|wasbs?)://[^/@:]*@)[A-Za-z][A-Za-z0-9+.-]*://)(?:[^/\s]*|[^/@\s:]*:(?!\d+/)[^@\s]*)@", RegexOptions.CultureInvariant)]
    private static partial Regex UserInfo();

    // Elsewhere ? is a character of a pattern.
    [GeneratedRegex(@"\?[^/?=\s]+=\S*", RegexOptions.CultureInvariant)]
    private static partial Regex Query();
}
