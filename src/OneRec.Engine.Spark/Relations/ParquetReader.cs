using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Reads Parquet files and Delta tables of other programs with given types.</summary>
internal static class ParquetReader
{
    /// <summary>A data frame of Parquet files.</summary>
    /// <remarks>Spark 3.5 does not widen numbers while reading: files with equal types are read together, then cast.</remarks>
    public static JvmObject Read(SparkSession session, ParquetFiles source)
    {
        IEnumerable<string> folders = (source.Partitions?.Columns ?? []).Select(SparkDialect.Instance.Name)
            .Select(name => $"CAST({name} AS STRING) AS {name}");
        string list = string.Join(", ", Casts(source.Columns).Concat(folders));
        (string Name, SparkRelation Relation)[] groups = [.. source.Files
            .Select((file, n) => (File: file, Kind: source.Alike?[n] ?? 0))
            .GroupBy(f => f.Kind, f => f.File)
            .Select((group, n) => ($"t{n}", new SparkRelation(FrameReader.Load(
                session, FrameReader.Open(session, source.Partitions), "parquet", [.. group]))))];
        string union = string.Join(" UNION ALL ", groups.Select(g => $"SELECT {list} FROM {g.Name}"));
        return SqlFrame.Run(session, new SqlScript(union), groups);
    }

    /// <summary>A data frame of a version of a Delta table.</summary>
    /// <remarks>Spark prunes partitions from the caller's predicate.</remarks>
    public static JvmObject Read(SparkSession session, DeltaFiles source)
    {
        using JvmObject reader = session.Session.Get("read").Get("format", "delta").Get(
            "option", "versionAsOf", source.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
        return Cast(session, reader.Get("load", source.Folder), source.Columns);
    }

    /// <summary>A data frame cast to types that fit its columns.</summary>
    /// <param name="session">The session.</param>
    /// <param name="frame">The data frame; released here.</param>
    /// <param name="columns">Columns to keep.</param>
    public static JvmObject Cast(SparkSession session, JvmObject frame, Schema columns)
    {
        using (frame)
        {
            return SqlFrame.Run(
                session, new SqlScript($"SELECT {string.Join(", ", Casts(columns))} FROM t"), [("t", new SparkRelation(frame))]);
        }
    }

    private static IEnumerable<string> Casts(Schema columns) => columns.FieldsList.Select(f =>
        $"CAST({SparkDialect.Instance.Name(f.Name)} AS {TypeOf(f.DataType)}) AS {SparkDialect.Instance.Name(f.Name)}");

    private static string TypeOf(IArrowType type) => type switch
    {
        StringType => "STRING",
        Int64Type => "BIGINT",
        DoubleType => "DOUBLE",
        BooleanType => "BOOLEAN",
        Date32Type => "DATE",
        BinaryType => "BINARY",
        TimestampType => "TIMESTAMP",
        Decimal128Type d => $"DECIMAL({d.Precision},{d.Scale})",
        ListType list => $"ARRAY<{TypeOf(list.ValueDataType)}>",
        _ => throw new ArgumentException($"columns of type {type.Name} are not supported in inputs", nameof(type)),
    };
}
