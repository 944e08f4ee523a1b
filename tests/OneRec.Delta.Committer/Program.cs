using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Delta;

// Commits to a table again and again, for tests of races and kills.
//   onerec-delta-committer FOLDER FIRST_ID COUNT append    one new row a commit, ids from FIRST_ID; tries again on a conflict
//   onerec-delta-committer FOLDER FIRST_ID COUNT replace   each commit removes all rows and adds one id to two partitions
// COUNT 0 goes on until it is killed. Prints 'ID VERSION' once a commit is in.
string folder = args[0];
long id = long.Parse(args[1]);
long last = args[2] == "0" ? long.MaxValue : id + long.Parse(args[2]) - 1;
bool replace = args[3] == "replace";
DeltaTable table = DeltaTable.At(folder);
var shape = new TableShape(
    new Schema([new Field("id", Int64Type.Default, false), new Field("part", StringType.Default, true)], null),
    ["part"],
    new Dictionary<string, string>());
while (id <= last)
{
    Snapshot? read = table.LatestSnapshot();
    Transaction change = table.Begin(read, shape);
    if (replace && read is not null)
    {
        change.Remove(read.Files);
    }

    using (DataFileWriter writer = change.OpenWriter())
    {
        string[] parts = replace ? ["a", "b"] : ["p" + (id % 3)];
        writer.Write(new RecordBatch(
            shape.Schema,
            [
                new Int64Array.Builder().AppendRange(parts.Select(_ => id)).Build(),
                new StringArray.Builder().AppendRange(parts).Build(),
            ],
            parts.Length));
        change.Add(writer.Finish());
    }

    if (change.Commit("WRITE") is CommitResult.Committed committed)
    {
        Console.WriteLine($"{id} {committed.Version}");
        id++;
    }
}
