using System.Diagnostics;
using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine.Relations;
using OneRec.Engine.Spark;
using OneRec.Engine.Spark.Launch;
using OneRec.Engine.Spark.Relations;
using OneRec.Engine.Spark.Session;
using OneRec.Kernels.Batches;
using OneRec.TestWorker;

namespace OneRec.Benchmarks.Cases;

/// <summary>
/// The way between Spark's JVM and our worker, and what a task costs: rows of (bigint, array of 64 floats) made in the JVM
/// by two tasks into Spark's sink that drops them, straight, to the worker only, and there and back.
/// </summary>
internal sealed class SparkCase : ICase
{
    private const int Floats = 64;
    private const int Tasks = 200;

    private static readonly Schema Rows = new(
        [
            new Field("id", Int64Type.Default, nullable: false),
            new Field("v", new ListType(new Field("element", FloatType.Default, nullable: false)), nullable: false),
        ],
        null);

    /// <inheritdoc/>
    public string Name => "spark";

    /// <inheritdoc/>
    public IReadOnlyList<string> Help =>
    [
        "--home SPARK_HOME [--rows N] [--runs N] [--master local[2]]",
        "rows (1,000,000) of 64 floats from Spark to the worker: made only, one way, and there and back; and 200 tasks of",
        "a row each with the worker and without. One session, a run of each in turn, the first ones dropped; best of N (7)",
    ];

    /// <inheritdoc/>
    public IEnumerable<Result> Run(IReadOnlyList<string> arguments)
    {
        var given = new Arguments(arguments, ["--home", "--rows", "--runs", "--master"]);
        long rows = given.Number("--rows", 1, 1_000_000);
        int runs = (int)given.Number("--runs", 1, 7);
        string master = given.Text("--master", "local[2]");
        var options = new SparkOptions
        {
            Home = given.Text("--home"),
            Master = master,
            Tables = "unused",
            Worker = Path.Combine(AppContext.BaseDirectory, "onerec-test-worker"),
        };
        using var session = SparkSession.Start(options);
        using var engine = new SparkEngine(session, options);
        IRelation wide = Source(
            session,
            $"SELECT id, array_repeat(CAST(id AS FLOAT), {Floats}) AS v FROM range(0, {rows}, 1, 2)");
        IRelation narrow = Source(session, $"SELECT id FROM range(0, {Tasks}, 1, {Tasks})");
        (string Name, IRelation Relation, long Units, string Unit)[] ways =
        [
            ("spark-source", wide, rows, "rows/s"),
            ("spark-one-way", Map(engine, wide, EchoKernel.Drain()), rows, "rows/s"),
            ("spark-there-and-back", Map(engine, wide, EchoKernel.Echo(Rows)), rows, "rows/s"),
            ("spark-tasks-without", narrow, Tasks, "tasks/s"),
            ("spark-tasks-with", Map(engine, narrow, EchoKernel.Echo(narrow.Schema)), Tasks, "tasks/s"),
        ];
        var times = ways.Select(_ => new List<(double Seconds, double Jvm, double Worker)>()).ToArray();

        // The first two turns are the compilers'.
        for (int turn = -2; turn < runs; turn++)
        {
            for (int way = 0; way < ways.Length; way++)
            {
                (double, double, double) taken = Time(ways[way].Relation);
                if (turn >= 0)
                {
                    times[way].Add(taken);
                }
            }
        }

        for (int way = 0; way < ways.Length; way++)
        {
            (double seconds, double jvm, double worker) = times[way].MinBy(t => t.Seconds);
            double[] sorted = [.. times[way].Select(t => t.Seconds).Order()];
            yield return new Result(
                ways[way].Name,
                seconds,
                ways[way].Units / seconds,
                ways[way].Unit,
                Timing.PeakBytes(),
                new Dictionary<string, object>
                {
                    ["spark"] = session.Release.Name,
                    ["master"] = master,
                    ["median"] = sorted[sorted.Length / 2],
                    ["jvmProcessorSeconds"] = jvm,
                    ["workerProcessorSeconds"] = worker,
                    ["runs"] = runs,
                });
        }
    }

    private static SparkRelation Source(SparkSession session, string sql) => new(session.Session.Get("sql", sql));

    private static IRelation Map(SparkEngine engine, IRelation rows, KernelCall kernel) =>
        engine.Map(rows, kernel, PartitionShape.Any);

    private static (double Seconds, double Jvm, double Worker) Time(IRelation relation)
    {
        (double jvm, double worker) = ProcessorSeconds();
        long start = Stopwatch.GetTimestamp();
        SparkRelation.Of(relation).Frame.Get("write").Get("format", "noop").Get("mode", "overwrite").Call("save");
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        (double jvmAfter, double workerAfter) = ProcessorSeconds();
        return (seconds, jvmAfter - jvm, workerAfter - worker);
    }

    /// <summary>Processor seconds so far of the JVM below us and of the workers below it.</summary>
    private static (double Jvm, double Worker) ProcessorSeconds()
    {
        const double ticks = 100;
        double jvm = 0;
        double worker = 0;
        foreach (string folder in Directory.GetDirectories("/proc").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
        {
            try
            {
                string state = File.ReadAllText(Path.Combine(folder, "stat"));
                string name = state[(state.IndexOf('(') + 1)..state.LastIndexOf(')')];
                string[] fields = state[(state.LastIndexOf(')') + 2)..].Split(' ');
                double seconds = (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / ticks;
                jvm += name == "java" && int.Parse(fields[1], CultureInfo.InvariantCulture) == Environment.ProcessId ? seconds : 0;
                worker += name.StartsWith("onerec-test-wor", StringComparison.Ordinal) ? seconds : 0;
            }
            catch (IOException)
            {
                // It ended meanwhile.
            }
        }

        return (jvm, worker);
    }
}
