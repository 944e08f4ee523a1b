using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta.Committer;

/// <summary>Pieces of work on a table of (id, part), which tests interrupt at every moment.</summary>
internal static class Work
{
    /// <summary>Their names: creation, appends, replacement of all rows, a commit with its checkpoint, and upkeep.</summary>
    public static readonly string[] Kinds = ["create", "append", "replace", "checkpoint", "compact", "vacuum", "cleanup"];

    private static readonly TimeSpan Retention = TimeSpan.FromDays(1);

    /// <summary>The columns; the property makes a checkpoint follow so many commits.</summary>
    public static TableShape Shape(int checkpointInterval = 10) => new(
        new Schema([new Field("id", Int64Type.Default, false), new Field("part", StringType.Default, true)], null),
        ["part"],
        new Dictionary<string, string> { ["delta.checkpointInterval"] = $"{checkpointInterval}" });

    /// <summary>Whether the work changes rows.</summary>
    public static bool ChangesRows(string kind) => kind is not ("compact" or "vacuum" or "cleanup");

    /// <summary>The table, with a clock by which upkeep finds all that is there old.</summary>
    public static DeltaTable Table(string folder, string kind, IDurableFiles disk) =>
        DeltaTable.At(folder, kind is "vacuum" or "cleanup" ? new LaterClock() : TimeProvider.System, disk);

    /// <summary>Makes the table, or makes one that is there ready for the same work again.</summary>
    /// <param name="folder">The table's folder.</param>
    /// <param name="kind">The work.</param>
    /// <param name="id">The first id that is free; ten are used at most.</param>
    public static void Prepare(string folder, string kind, long id)
    {
        DeltaTable table = DeltaTable.At(folder);
        int interval = kind switch { "checkpoint" => 1, "cleanup" => 2, _ => 10 };
        for (int i = 0; i < (kind == "create" ? 0 : 5); i++)
        {
            Commit(table, interval, id + (2 * i), kind == "vacuum", () => { });
        }
    }

    /// <summary>Does the work once.</summary>
    /// <param name="table">The table.</param>
    /// <param name="kind">The work.</param>
    /// <param name="id">Rows with this id and the next one are written, if any are.</param>
    /// <param name="moment">Called while a data file is open.</param>
    public static void Perform(DeltaTable table, string kind, long id, Action moment)
    {
        switch (kind)
        {
            case "compact":
                table.Compact(new CompactionOptions());
                break;
            case "vacuum":
                table.Vacuum(Retention);
                break;
            case "cleanup":
                table.CleanUpLog(Retention);
                break;
            default:
                Commit(table, 10, id, kind == "replace", moment);
                break;
        }
    }

    private static void Commit(DeltaTable table, int checkpointInterval, long id, bool replace, Action moment)
    {
        Snapshot? read = table.LatestSnapshot();
        Transaction change = table.Begin(read, Shape(checkpointInterval));
        if (replace && read is not null)
        {
            change.Remove(read.Files);
        }

        // Not disposed: what is interrupted tidies nothing up.
        DataFileWriter writer = change.OpenWriter();
        writer.Write(new RecordBatch(
            change.Schema,
            [
                new Int64Array.Builder().Append(id).Append(id + 1).Build(),
                new StringArray.Builder().Append("a").Append("b").Build(),
            ],
            2));
        moment();
        change.Add(writer.Finish());
        if (change.Commit("WRITE") is not CommitResult.Committed)
        {
            throw new InvalidOperationException("another writer is there");
        }
    }

    private sealed class LaterClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(100);
    }
}
