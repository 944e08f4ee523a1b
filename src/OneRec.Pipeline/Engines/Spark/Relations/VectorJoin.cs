using OneRec.Core;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Engines.Spark.Jvm;
using OneRec.Pipeline.Engines.Spark.Session;

namespace OneRec.Pipeline.Engines.Spark.Relations;

/// <summary>Joins given vectors to rows by <c>item_id</c>.</summary>
internal static class VectorJoin
{
    private const string Key = "item_id";

    /// <summary>The rows with one more column, array&lt;array&lt;float&gt;&gt;; null where an item has none.</summary>
    /// <exception cref="OneRecException">Input error: the source lacks a column, or has an item twice.</exception>
    public static SparkRelation Attach(SparkSession session, SparkRelation rows, VectorSource source)
    {
        using JvmObject reader = session.Session.Get("read");
        JvmObject files = reader.Get("parquet", session.Jvm.Array("java.lang.String", [.. source.Files]));
        var vectors = new SparkRelation(files);
        foreach (string column in new[] { Key, source.Column })
        {
            if (vectors.Schema.GetFieldIndex(column, StringComparer.Ordinal) < 0)
            {
                throw OneRecException.Input(
                    "input.missing-column",
                    $"{source.Files[0]} has no column '{column}'; a source of vectors has {Key} and tokens or embedding");
            }
        }

        RefuseRepeated(session, vectors, source);
        var columns = rows.Schema.FieldsList.Select(f => f.Name).Where(n => n != source.Column);
        string kept = string.Join(", ", columns.Select(n => $"r.{SparkDialect.Instance.Name(n)}"));

        // One vector an item is a list of one.
        string value = source.Column == "embedding" ? "array(v.embedding)" : $"v.{SparkDialect.Instance.Name(source.Column)}";
        return new SparkRelation(SqlQuery.Run(
            session,
            new SqlScript(
                $"""
                SELECT {kept},
                  CASE WHEN v.{Key} IS NOT NULL THEN CAST({value} AS ARRAY<ARRAY<FLOAT>>) END AS {SparkDialect.Instance.Name(source.Column)}
                FROM r LEFT JOIN v ON r.{Key} = v.{Key}
                """),
            [("r", rows), ("v", vectors)]));
    }

    private static void RefuseRepeated(SparkSession session, SparkRelation vectors, VectorSource source)
    {
        using JvmObject repeated = SqlQuery.Run(
            session,
            new SqlScript($"SELECT CAST({Key} AS STRING) AS id FROM v GROUP BY {Key} HAVING count(*) > 1 ORDER BY {Key} LIMIT 1"),
            [("v", vectors)]);
        using JvmObject found = repeated.Get("collectAsList");
        if ((int)found.Call("size")! > 0)
        {
            using var row = (JvmObject)found.Call("get", 0)!;
            throw OneRecException.Input(
                "input.repeated-vector",
                $"{source.Files[0]} (of {source.Files.Count}): item {row.Call("getString", 0)} has more than one row of {source.Column}");
        }
    }
}
