using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;
using OneRec.Parquet;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Joins the user's vectors to rows by item.</summary>
/// <param name="session">The session.</param>
internal sealed class VectorFrameJoin(SparkSession session)
{
    private const string Key = "item_id";

    /// <summary>Bytes per batch: far below the limit of 64 MiB of the engine seam, because rows may be larger than the mean.</summary>
    private const long BatchBytes = 16 << 20;

    // Slices of rows use the same source repeatedly; its ids are checked once.
    private readonly HashSet<VectorFiles> _checked = new(ReferenceEqualityComparer.Instance);

    /// <summary>
    /// The rows with one more column, array&lt;array&lt;float&gt;&gt;, or with bytes and their two dimensions; null if an item
    /// has none.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="source">The vectors.</param>
    /// <param name="open">Opens a file of the source, to read its footer.</param>
    /// <exception cref="OneRecException">
    /// Input error: the source lacks a column, has an item twice or a null id, has ids of another type, or has lists of float16,
    /// for which Spark has no type.
    /// </exception>
    public SparkRelation Attach(SparkRelation rows, VectorFiles source, Func<string, Stream> open)
    {
        if (source.IdFile is not null)
        {
            throw OneRecException.Input(
                "input.npy",
                $"{source.Files[0]} is a NumPy matrix, which Spark does not read; write it as Parquet with columns item_id and embedding, or use --engine local");
        }

        if (source.Kind == VectorKind.Halves)
        {
            throw OneRecException.Input(
                "input.column-type",
                $"{source.Files[0]}: column '{source.Column}' holds lists of float16, which Spark does not read; write it as "
                + $"binary with {VectorFiles.CountColumn} and {VectorFiles.LengthColumn}, or as float, or use --engine local");
        }

        var vectors = new SparkRelation(FrameReader.Load(session, FrameReader.Open(session, null), "parquet", source.Files));
        if (source.LeavesOutNullIds)
        {
            vectors = new SparkRelation(vectors.Frame.Get("where", $"{Id(source)} IS NOT NULL"));
        }

        string[] added = source.Kind == VectorKind.HalfBytes
            ? [source.Column, VectorFiles.CountColumn, VectorFiles.LengthColumn]
            : [source.Column];
        foreach (string column in added.Prepend(source.IdColumn))
        {
            if (vectors.Schema.GetFieldIndex(column, StringComparer.Ordinal) < 0)
            {
                throw OneRecException.Input("input.missing-column", $"{source.Files[0]}: no column '{column}'");
            }
        }

        if (!_checked.Contains(source))
        {
            RequireIds(rows, vectors, source, open);
            _checked.Add(source);
        }

        var columns = rows.Schema.FieldsList.Select(f => f.Name).Except(added);
        string kept = string.Join(", ", columns.Select(n => $"r.{SparkDialect.Instance.Name(n)}"));
        string values = string.Join(", ", added.Select(c => $"{Value(source, c)} AS {SparkDialect.Instance.Name(c)}"));
        return new SparkRelation(SqlFrame.Run(
            session,
            new SqlScript($"SELECT {kept}, {values} FROM r LEFT JOIN (SELECT * FROM v LEFT SEMI JOIN r ON v.{Id(source)} = r.{Key}) AS v ON r.{Key} = v.{Id(source)}"),
            [("r", rows), ("v", vectors)]))
        {
            BatchRows = (int)Math.Clamp(BatchBytes / VectorRowBytes.Largest(source, open), 1, 10_000),
        };
    }

    private static string Id(VectorFiles source) => SparkDialect.Instance.Name(source.IdColumn);

    private static string Value(VectorFiles source, string column)
    {
        string name = SparkDialect.Instance.Name(column);
        return source.Kind switch
        {
            VectorKind.HalfBytes => column == source.Column ? $"v.{name}" : $"CAST(v.{name} AS BIGINT)",

            // One vector per item becomes a list of one.
            _ when source.IsSingle => $"CASE WHEN v.{Id(source)} IS NOT NULL THEN CAST(array(v.{name}) AS ARRAY<ARRAY<FLOAT>>) END",
            _ => $"CAST(v.{name} AS ARRAY<ARRAY<FLOAT>>)",
        };
    }

    private void RequireIds(SparkRelation rows, SparkRelation vectors, VectorFiles source, Func<string, Stream> open)
    {
        (string theirs, string ours) = (IdType(vectors, source.IdColumn), IdType(rows, Key));
        if (theirs != ours)
        {
            throw OneRecException.Input(
                "input.id-type", $"{source.Files[0]}: {source.IdColumn} is {theirs}, but the catalogue's is {ours}; write it as {ours}");
        }

        using JvmObject wrong = SqlFrame.Run(
            session,
            new SqlScript(
                $"""
                SELECT CAST({Id(source)} AS STRING) AS id FROM v GROUP BY {Id(source)}
                HAVING count(*) > 1 OR {Id(source)} IS NULL ORDER BY v.{Id(source)} ASC NULLS FIRST LIMIT 1
                """),
            [("v", vectors)]);
        using JvmObject found = JvmCalls.Rows(wrong);
        if ((int)found.Call("size")! == 0)
        {
            return;
        }

        using var row = (JvmObject)found.Call("get", 0)!;
        string files = source.Files.Count == 1 ? source.Files[0] : $"{source.Files[0]} (or of {source.Files.Count - 1} more files)";
        throw (string?)row.Call("getString", 0) is { } id
            ? OneRecException.Input("input.duplicate", $"{files}: item {id} has vectors in more than one row; keep one row per item")
            : NullIds.Error(source.Files, source.IdColumn, open);
    }

    // Spark reads integers of 64 bits without a sign as DECIMAL(20,0); those that exceed BIGINT match no item.
    private static string IdType(SparkRelation relation, string column) => relation.Schema.GetFieldByName(column).DataType switch
    {
        StringType => "STRING",
        Int8Type or Int16Type or Int32Type or Int64Type or Decimal128Type { Scale: 0 } => "BIGINT",
        var other => other.Name,
    };
}
