using Apache.Arrow.Types;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Engines.Spark.Jvm;
using OneRec.Pipeline.Engines.Spark.Session;

namespace OneRec.Pipeline.Engines.Spark.Relations;

/// <summary>Reads Parquet files and Delta tables of others with given types.</summary>
internal static class ParquetReader
{
    /// <summary>A data frame of Parquet files.</summary>
    public static JvmObject Read(SparkSession session, ParquetSource source) => FileReader.Load(
        session, FileReader.Open(session, source.Columns, source.Partitions), "parquet", source.Files);

    /// <summary>A data frame of a Delta table's version.</summary>
    /// <remarks>Partitions are left to Spark: the caller's predicate prunes them.</remarks>
    public static JvmObject Read(SparkSession session, DeltaSource source)
    {
        using JvmObject reader = session.Session.Get("read").Get("format", "delta").Get(
            "option", "versionAsOf", source.Version.ToString(System.Globalization.CultureInfo.InvariantCulture));
        using JvmObject table = reader.Get("load", source.Folder);
        IEnumerable<string> columns = source.Columns.FieldsList.Select(f =>
            $"CAST({SparkDialect.Instance.Name(f.Name)} AS {TypeOf(f.DataType)}) AS {SparkDialect.Instance.Name(f.Name)}");
        return SqlQuery.Run(
            session, new SqlScript($"SELECT {string.Join(", ", columns)} FROM t"), [("t", new SparkRelation(table))]);
    }

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
        _ => throw new ArgumentException($"columns of type {type.Name} are not read from inputs", nameof(type)),
    };
}
