using Apache.Arrow;
using Apache.Arrow.Ipc;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Session;

namespace OneRec.Engine.Spark.Relations;

/// <summary>Sends rows of the driver to Spark: as a local relation if they are small, else as a distributed one.</summary>
/// <param name="session">The session.</param>
/// <param name="scratch">A local folder of the driver.</param>
internal sealed class RowSource(SparkSession session, DirectoryInfo scratch)
{
    private const string PythonSql = "org.apache.spark.sql.api.python.PythonSQLUtils";

    /// <summary>A data frame of the rows, in the same order.</summary>
    public JvmObject Make(Schema schema, IReadOnlyList<RecordBatch> rows)
    {
        IJvm jvm = session.Jvm;
        string json = SparkTypes.ToJson(schema);
        if (rows.All(b => b.Length == 0))
        {
            using JvmObject none = jvm.List([]);
            using JvmObject type = session.Type(json);
            return session.Session.Get("createDataFrame", none, type);
        }

        string path = Path.Combine(scratch.FullName, $"rows-{Guid.NewGuid():N}.arrow");
        try
        {
            using (FileStream file = File.Create(path))
            using (var writer = new ArrowStreamWriter(file, schema, leaveOpen: true))
            {
                writer.WriteStart();
                foreach (RecordBatch batch in rows.Where(b => b.Length > 0))
                {
                    writer.WriteRecordBatch(new RecordBatch(schema, batch.Arrays, batch.Length));
                }

                writer.WriteEnd();
            }

            // Both calls read the whole file before they return.
            using JvmObject batches = jvm.GetStatic(PythonSql, "readArrowStreamFromFile", path);
            return jvm.GetStatic(PythonSql, "toDataFrame", batches, json, session.Session);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
