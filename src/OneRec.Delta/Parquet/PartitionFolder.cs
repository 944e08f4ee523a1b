using System.Globalization;
using System.Text;

namespace OneRec.Delta;

/// <summary>Names of partition folders, and file paths for the log.</summary>
internal static class PartitionFolder
{
    /// <summary>Hive's name for a null.</summary>
    public const string Null = "__HIVE_DEFAULT_PARTITION__";

    // A file name has at most 255 bytes, which include the column's name and "=".
    private const int LongestValue = 160;

    // ExternalCatalogUtils.charToEscape of Spark.
    private const string Escaped = "\"#%'*/:=?\\\u007f{[]^";

    /// <summary><c>column=value</c> for each column, joined by slashes; empty without partition columns.</summary>
    /// <remarks>Readers take values from the log only, so a value that is too long for a folder name is replaced by its hash.</remarks>
    public static string Of(IEnumerable<(string Column, string? Value)> values) => string.Join(
        '/',
        values.Select(v => Escape(v.Column) + "=" + (v.Value is null ? Null : Short(Escape(v.Value)))));

    /// <summary>A path as in the log: percent-encoded UTF-8 except for slashes (RFC 3986).</summary>
    public static string UrlEncode(string path) => string.Join('/', path.Split('/').Select(EncodeSegment));

    private static string Short(string value) =>
        Encoding.UTF8.GetByteCount(value) <= LongestValue ? value : Core.StableHash.Sha256(value);

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (c < ' ' || Escaped.Contains(c))
            {
                escaped.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
            }
            else
            {
                escaped.Append(c);
            }
        }

        return escaped.ToString();
    }

    // '=' is allowed in a path; other writers leave it unencoded too, so logs look alike.
    private static string EncodeSegment(string segment) =>
        Uri.EscapeDataString(segment).Replace("%3D", "=", StringComparison.Ordinal);
}
