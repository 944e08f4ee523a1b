using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta.Tests;

/// <summary>The code of src/OneRec.Delta/README.md.</summary>
internal static class ReadmeExample
{
    public static void Run(string folder, TextWriter output)
    {
        // README begins
        DeltaTable table = DeltaTable.At(folder);
        var shape = new TableShape(
            new Schema([new Field("id", Int64Type.Default, false), new Field("day", StringType.Default, true)], null),
            ["day"],
            new Dictionary<string, string>());
        Transaction append = table.Begin(table.LatestSnapshot(), shape);
        using (DataFileWriter writer = append.OpenWriter())
        {
            Int64Array ids = new Int64Array.Builder().Append(1).Append(2).Build();
            StringArray days = new StringArray.Builder().Append("mon").Append("tue").Build();
            writer.Write(new RecordBatch(shape.Schema, [ids, days], 2));
            append.Add(writer.Finish());
        }

        CommitResult result = append.Commit("WRITE"); // Committed, or Conflict if another writer was first
        Snapshot newest = table.LatestSnapshot()!;
        foreach (RecordBatch batch in newest.Scan(["id"], newest.FilesWhere(("day", "tue"))))
        {
            using (batch)
            {
                output.WriteLine($"{result}: {batch.Length} row, id {((Int64Array)batch.Column(0)).GetValue(0)}");
            }
        }

        // README ends
    }
}
