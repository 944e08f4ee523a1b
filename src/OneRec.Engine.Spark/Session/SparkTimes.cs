using System.Diagnostics;

namespace OneRec.Engine.Spark.Session;

/// <summary>What the time of an engine on Spark goes into: a stopwatch for each, of which one runs.</summary>
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

    /// <summary>What the driver is at.</summary>
    public enum Phase
    {
        /// <summary>Steps' own work in this process.</summary>
        Own,

        /// <summary>Spark's start.</summary>
        Start,

        /// <summary>Queries are put together and analysed.</summary>
        Plan,

        /// <summary>Rows are made.</summary>
        Job,

        /// <summary>Delta logs are read and written.</summary>
        Commit,
    }

    /// <summary>The parts so far. Those of the worker are task seconds divided by the tasks that run at once.</summary>
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

    /// <summary>Counts what a call takes for a phase; what it calls in other phases counts there.</summary>
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

    /// <summary>Adds what a task took in a worker.</summary>
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
