using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Engines.Spark.Jvm;
using OneRec.Pipeline.Engines.Spark.Session;

namespace OneRec.Pipeline.Engines.Spark.Relations;

/// <summary>Reads CSV files as text (RFC 4180).</summary>
internal static class CsvReader
{
    private const string GlobCharacters = @"\*?[]{}";

    /// <summary>A data frame of STRING columns; an empty field, quoted or not, is null.</summary>
    public static JvmObject Read(SparkSession session, TextSource source)
    {
        var schema = new Schema(source.Columns.Select(c => new Field(c, StringType.Default, nullable: true)), null);
        using JvmObject type = session.Type(SparkTypes.ToJson(schema));
        JvmObject reader = session.Session.Get("read").Get("schema", type);
        foreach ((string name, string value) in Options(source))
        {
            reader = reader.Get("option", name, value);
        }

        return reader.Get("csv", session.Jvm.Array("java.lang.String", [.. source.Files.Select(Literal)]));
    }

    private static Dictionary<string, string> Options(TextSource source) => new(StringComparer.Ordinal)
    {
        ["header"] = "true",

        // Each file's header is held against the columns.
        ["enforceSchema"] = "false",
        ["multiLine"] = source.MultiLine ? "true" : "false",
        ["encoding"] = "UTF-8",
        ["quote"] = "\"",
        ["escape"] = "\"",
        ["nullValue"] = "",
        ["emptyValue"] = "",
        ["mode"] = "FAILFAST",
    };

    // Spark takes a path for a pattern.
    private static string Literal(string path)
    {
        var literal = new StringBuilder(path.Length);
        foreach (char c in path)
        {
            literal.Append(GlobCharacters.Contains(c, StringComparison.Ordinal) ? $@"\{c}" : c.ToString());
        }

        return literal.ToString();
    }
}
