using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;

namespace OneRec.Delta.Tests;

/// <summary>All that can be asked of a table, for tests in which nothing but a refusal may come of it.</summary>
internal static class Reading
{
    // Of managed memory, for logs of some hundred kilobytes: parsed JSON takes a multiple of its text.
    private const long MostBytes = 256L << 20;

    // A case takes milliseconds; the machine may be busy.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    /// <summary>What came of it.</summary>
    public enum Outcome
    {
        Read,
        Refused,
    }

    /// <summary>Tries cases one after another, and names one that does not end.</summary>
    public static async Task Cases(int cases, Action<int> one)
    {
        int at = 0;
        Task all = Task.Factory.StartNew(
            () =>
            {
                for (int i = 0; i < cases; i++)
                {
                    one(i);
                    Volatile.Write(ref at, i + 1);
                }
            },
            TaskCreationOptions.LongRunning);
        for (int seen = -1; await Task.WhenAny(all, Task.Delay(Limit)) != all; seen = Volatile.Read(ref at))
        {
            Assert.True(Volatile.Read(ref at) != seen, $"case {seen} does not end");
        }

        await all;
    }

    /// <summary>Reads a table's newest state and its history and writes a checkpoint of it in memory.</summary>
    public static Outcome All(string folder)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Outcome outcome = Outcome.Read;
        DeltaTable table = DeltaTable.At(folder);
        Allow(() => table.History().Count(), ref outcome);
        Snapshot? snapshot = Allow(table.LatestSnapshot, ref outcome);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostBytes);
        if (snapshot is not null)
        {
            Outcome ignored = Outcome.Read;
            Allow(() => Of(snapshot), ref ignored);
        }

        return outcome;
    }

    /// <summary>Acts; a refusal of ours is fine, anything else is not.</summary>
    public static T? Allow<T>(Func<T?> act, ref Outcome outcome)
    {
        try
        {
            return act();
        }
        catch (OneRecException e)
        {
            Assert.NotEqual("", e.Code);
            Assert.True(e.Kind is ErrorKind.Table, e.Message);
            outcome = Outcome.Refused;
            return default;
        }
    }

    /// <summary>The most memory this process had, in bytes; 0 where the system does not tell.</summary>
    public static long PeakMemory()
    {
        const string Status = "/proc/self/status";
        string? line = File.Exists(Status) ? File.ReadLines(Status).FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)) : null;
        return line is null ? 0 : long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1]) << 10;
    }

    private static bool Of(Snapshot snapshot)
    {
        _ = snapshot.Rows;
        CheckpointWriter.Write(snapshot, DateTimeOffset.UnixEpoch);
        foreach (AddFile file in snapshot.Files.Take(20))
        {
            snapshot.StatisticsOf(file);
            Outcome place = Outcome.Read;
            Allow(() => snapshot.FullPath(file), ref place);
        }

        foreach (Field field in snapshot.Schema.FieldsList.Take(20))
        {
            Outcome pruned = Outcome.Read;
            Allow(() => snapshot.FilesWhere((field.Name, null)).Count(), ref pruned);
            if (Sample(field.DataType) is { } value)
            {
                Allow(() => snapshot.FilesWhere((field.Name, value)).Count(), ref pruned);
            }
        }

        Outcome scanned = Outcome.Read;
        Allow(() => snapshot.Scan().Take(1).Count(), ref scanned);
        return true;
    }

    private static object? Sample(IArrowType type) => type switch
    {
        Int8Type or Int16Type or Int32Type or Int64Type => 1L,
        FloatType or DoubleType => 1.0,
        StringType => "a",
        BooleanType => true,
        Date32Type => new DateOnly(2026, 1, 1),
        TimestampType { Timezone: "UTC" } => DateTimeOffset.UnixEpoch,
        Decimal128Type => 1m,
        _ => null,
    };
}
