using OneRec.Core;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Joins images to rows by <c>item_id</c>, ordered by position.</summary>
internal static class ImageFrameJoin
{
    /// <summary>The rows with one more column, <c>images</c>: array&lt;binary&gt;; null if an item has none.</summary>
    /// <exception cref="OneRecException">Input error <c>input.missing-column</c>.</exception>
    public static SparkRelation Attach(SparkSession session, SparkRelation rows, ImageFiles source)
    {
        var images = new SparkRelation(FrameReader.Load(session, FrameReader.Open(session, null), "parquet", source.Files));
        foreach (string column in new[] { source.IdColumn, source.PositionColumn, source.ImageColumn })
        {
            if (images.Schema.GetFieldIndex(column, StringComparer.Ordinal) < 0)
            {
                throw OneRecException.Input(
                    "input.missing-column", $"{source.Files[0]} has no column '{column}'; images as bytes have ids, positions and images; set input.columns");
            }
        }

        (string id, string position, string image) =
            (SparkDialect.Instance.Name(source.IdColumn), SparkDialect.Instance.Name(source.PositionColumn), SparkDialect.Instance.Name(source.ImageColumn));

        // Only images of these rows are grouped: a slice needs few images of a large source.
        string kept = string.Join(", ", rows.Schema.FieldsList.Select(f => $"r.{SparkDialect.Instance.Name(f.Name)}"));
        return new SparkRelation(SqlFrame.Run(
            session,
            new SqlScript(
                $"""
                SELECT {kept}, g.images
                FROM r
                LEFT JOIN (
                  SELECT item_id, transform(array_sort(collect_list(struct(position, image))), x -> x.image) AS images
                  FROM (
                    SELECT v.{id} AS item_id, CAST(v.{position} AS BIGINT) AS position, v.{image} AS image
                    FROM v LEFT SEMI JOIN r ON v.{id} = r.item_id
                    WHERE v.{position} IS NOT NULL
                  ) AS own
                  GROUP BY item_id
                ) AS g ON r.item_id = g.item_id
                """),
            [("r", rows), ("v", images)]));
    }
}
