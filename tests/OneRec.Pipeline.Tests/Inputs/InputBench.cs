using System.IO.Compression;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Delta;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Tests.Steps;
using ParquetSharp.Arrow;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>Writes rows in every input format.</summary>
internal static class InputBench
{
    /// <summary>A column and its type.</summary>
    public static Field Column(string name, IArrowType type) => new(name, type, nullable: true);

    /// <summary>A schema from columns.</summary>
    public static Schema Schema(params (string Name, IArrowType Type)[] columns) =>
        new(columns.Select(c => Column(c.Name, c.Type)), null);

    /// <summary>Writes a Parquet file.</summary>
    public static string Parquet(this StepBench bench, string name, Schema schema, params object?[][] rows)
    {
        string path = bench[name];
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using RecordBatch batch = RowReader.Build(schema, rows);
        using var writer = new FileWriter(path, schema);
        writer.WriteRecordBatch(batch);
        writer.Close();
        return path;
    }

    /// <summary>Writes a commit to a Delta table other than ours.</summary>
    public static string Delta(
        this StepBench bench, string name, Schema schema, IReadOnlyList<string> partitions, params object?[][] rows)
    {
        DeltaTable table = DeltaTable.At(bench[name]);
        Transaction transaction = table.Begin(
            table.LatestSnapshot(), new TableShape(schema, partitions, new Dictionary<string, string>()));
        using (DataFileWriter writer = transaction.OpenWriter())
        {
            using RecordBatch batch = RowReader.Build(schema, rows);
            writer.Write(batch);
            transaction.Add(writer.Finish());
        }

        Assert.IsType<CommitResult.Committed>(
            transaction.Commit("WRITE", new Dictionary<string, string>(), null, OnConflict.Fail));
        return bench[name];
    }

    /// <summary>Writes a gzip file.</summary>
    public static string Gzip(this StepBench bench, string name, string text)
    {
        byte[] bytes = Packed(text);
        Directory.CreateDirectory(Path.GetDirectoryName(bench[name])!);
        File.WriteAllBytes(bench[name], bytes);
        return bench[name];
    }

    /// <summary>The bytes of a gzip file.</summary>
    public static byte[] Packed(string text)
    {
        using var bytes = new MemoryStream();
        using (var packed = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            packed.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    /// <summary>UTC microseconds.</summary>
    public static TimestampType Utc => ArrowTypes.Utc;
}
