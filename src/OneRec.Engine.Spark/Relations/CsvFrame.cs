using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Reads CSV files as text (RFC 4180).</summary>
internal static class CsvFrame
{
    /// <summary>A data frame of STRING columns; an empty field, quoted or not, is null.</summary>
    public static JvmObject Read(SparkSession session, CsvFiles source)
    {
        var header = new Schema(source.Columns.Select(c => new Field(c, StringType.Default, nullable: true)), null);
        JvmObject reader = FrameReader.Open(session, header, source.Partitions);
        foreach ((string name, string value) in Options(source))
        {
            reader = reader.Get("option", name, value);
        }

        return FrameReader.Load(session, reader, "csv", source.Files);
    }

    private static Dictionary<string, string> Options(CsvFiles source) => new(StringComparer.Ordinal)
    {
        ["header"] = "true",

        // The header of each file is compared with the columns.
        ["enforceSchema"] = "false",
        ["multiLine"] = source.MultiLine ? "true" : "false",
        ["encoding"] = "UTF-8",
        ["quote"] = "\"",
        ["escape"] = "\"",
        ["nullValue"] = "",
        ["emptyValue"] = "",
        ["mode"] = "FAILFAST",
    };
}
