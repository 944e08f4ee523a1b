using System.Diagnostics;

namespace OneRec.Engine.Spark.Session;

/// <summary>The time spent by an engine on Spark, by phase: one stopwatch per phase, of which one runs at a time.</summary>
internal sealed class SparkTimes
{
    private static readonly (Phase Phase, string Name)[] Names =
    [
        (Phase.Start, "start"), (Phase.Plan, "planning"), (Phase.Job, "jobs"), (Phase.Commit, "table logs and commits"),
    ];

    private readonly Lock _gate = new();
    private readonly double[] _seconds = new double[Enum.GetValues<Phase>().Length];
    private Phase _phase;
    private long _since = Stopwatch.GetTimestamp();
    private double _worker;

    /// <summary>What the driver is doing.</summary>
    public enum Phase
    {
        /// <summary>Work of a step in this process.</summary>
        Own,

        /// <summary>Starting Spark.</summary>
        Start,

        /// <summary>Building and analysing queries.</summary>
        Plan,

        /// <summary>Computing rows.</summary>
        Job,

        /// <summary>Reading and writing Delta logs.</summary>
        Commit,
    }

    /// <summary>The times so far. That of the worker is the sum over tasks, divided by the number of tasks that run at once.</summary>
    /// <param name="slots">Tasks that run at once.</param>
    public IReadOnlyList<TimeShare> Shares(int slots)
    {
        lock (_gate)
        {
            Turn(_phase);
            double worker = Math.Min(_worker / slots, _seconds[(int)Phase.Job]);
            return
            [
                .. Names.Select(n => new TimeShare(n.Name, _seconds[(int)n.Phase] - (n.Phase == Phase.Job ? worker : 0))),
                new TimeShare("worker", worker),
            ];
        }
    }

    /// <summary>Measures a call as part of a phase; nested calls in other phases count there.</summary>
    public T In<T>(Phase phase, Func<T> call)
    {
        Phase before;
        lock (_gate)
        {
            before = Turn(phase);
        }

        try
        {
            return call();
        }
        finally
        {
            lock (_gate)
            {
                Turn(before);
            }
        }
    }

    /// <summary>Adds the time of a task in a worker.</summary>
    public void AddWorker(double seconds)
    {
        lock (_gate)
        {
            _worker += seconds;
        }
    }

    private Phase Turn(Phase to)
    {
        long now = Stopwatch.GetTimestamp();
        _seconds[(int)_phase] += Stopwatch.GetElapsedTime(_since, now).TotalSeconds;
        (Phase before, _phase, _since) = (_phase, to, now);
        return before;
    }
}
