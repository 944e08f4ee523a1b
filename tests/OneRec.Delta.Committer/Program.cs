using Apache.Arrow;
using OneRec.Core;
using OneRec.Delta;
using OneRec.Delta.Committer;

// Commits to a table again and again, for tests of races and kills.
//   onerec-delta-committer FOLDER FIRST_ID COUNT append    one new row a commit, ids from FIRST_ID; tries again on a conflict
//   onerec-delta-committer FOLDER FIRST_ID COUNT after     the same, but lets the library go on after the commits of others
//   onerec-delta-committer FOLDER FIRST_ID COUNT replace   each commit removes all rows and adds one id to two partitions
// COUNT 0 goes on until it is killed. Prints 'ID VERSION' once a commit is in.
//   onerec-delta-committer FOLDER FIRST_ID AT die KIND     does one piece of Work and is killed at moment number AT of it
//   onerec-delta-committer FOLDER 0 0 read                 prints 'VERSION ROWS'
// A refusal is one line on standard error, 'CODE MESSAGE', and exit code 3.
string folder = args[0];
long id = long.Parse(args[1]);
try
{
    switch (args[3])
    {
        case "die":
            var disk = new DyingDisk(int.Parse(args[2]));
            Work.Perform(Work.Table(folder, args[4], disk), args[4], id, disk.Moment);
            disk.Moment();
            break;
        case "read":
            Snapshot newest = DeltaTable.At(folder).LatestSnapshot()!;
            Console.WriteLine($"{newest.Version} {newest.Scan().Sum(batch => batch.Length)}");
            break;
        default:
            Commit(folder, id, args[2] == "0" ? long.MaxValue : id + long.Parse(args[2]) - 1, args[3]);
            break;
    }

    return 0;
}
catch (OneRecException e)
{
    Console.Error.WriteLine($"{e.Code} {e.Message}");
    return 3;
}

static void Commit(string folder, long id, long last, string how)
{
    bool replace = how == "replace";
    DeltaTable table = DeltaTable.At(folder);
    TableShape shape = Work.Shape();
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

        OnConflict onConflict = how == "after" && read is not null ? OnConflict.AppendAfter : OnConflict.Fail;
        if (change.Commit("WRITE", onConflict: onConflict) is CommitResult.Committed committed)
        {
            Console.WriteLine($"{id} {committed.Version}");
            id++;
        }
    }
}
