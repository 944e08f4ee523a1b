using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>What readers of files share: a given schema, partition columns from folder names, and paths that are not patterns.</summary>
internal static class FrameReader
{
    private const string GlobCharacters = @"\*?[]{}";

    /// <summary>A <c>DataFrameReader</c> with a schema; partition columns come after it, as text.</summary>
    public static JvmObject Open(SparkSession session, Schema columns, FilePartitions? partitions)
    {
        IEnumerable<Field> folders = (partitions?.Columns ?? []).Select(c => new Field(c, StringType.Default, nullable: true));
        using JvmObject type = session.Type(SparkTypes.ToJson(new Schema([.. columns.FieldsList, .. folders], null)));
        return Open(session, partitions).Get("schema", type);
    }

    /// <summary>A <c>DataFrameReader</c> that keeps the types of columns; partition columns are text.</summary>
    public static JvmObject Open(SparkSession session, FilePartitions? partitions)
    {
        JvmObject reader = session.Session.Get("read");

        // Without an explicit root, Spark would also look for partition columns in the folders above.
        return partitions is null
            ? reader.Get("option", "recursiveFileLookup", "true")
            : reader.Get("option", "basePath", partitions.Root);
    }

    /// <summary>Loads files.</summary>
    public static JvmObject Load(SparkSession session, JvmObject reader, string format, IReadOnlyList<string> files) =>
        reader.Get(format, session.Jvm.Array("java.lang.String", [.. files.Select(Literal)]));

    // Spark interprets a path as a pattern.
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
