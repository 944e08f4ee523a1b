using System.Globalization;
using Apache.Arrow.Types;
using OneRec.Configuration;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Kernels.Clustering.Training;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Quantization;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>Trains the levels of a codebook one after the other, on rows that the engine stores by batch.</summary>
internal sealed class CodebookTraining
{
    private readonly StepRun _run;
    private readonly IQueryEngine _engine;
    private readonly TrainOptions _options;
    private readonly IArrowType _id;
    private readonly long _rows;
    private readonly int _batches;
    private readonly FinishedLevels _finished;
    private double _median;

    /// <summary>Sets up a training.</summary>
    /// <param name="run">The run.</param>
    /// <param name="idType">The type of <c>item_id</c>.</param>
    /// <param name="rows">Number of rows, at least 1.</param>
    /// <param name="finished">
    /// Levels that an interrupted run of the same training finished; new levels are saved there.
    /// </param>
    public CodebookTraining(StepRun run, IArrowType idType, long rows, FinishedLevels finished)
    {
        _run = run;
        _engine = run.Engine;
        _options = run.Options.Section<TrainOptions>();
        _id = idType;
        _rows = rows;
        _finished = finished;
        _batches = MiniBatchPlan.Batches(rows, _options.BatchRows(), _options.MaxBatches);
    }

    /// <summary>Dimensions of a vector; set once the first level is trained or loaded.</summary>
    public int Dims { get; private set; }

    /// <summary>Trains all levels.</summary>
    public IReadOnlyList<TrainedLevel> Run(EmbeddedItems items)
    {
        List<TrainedLevel> levels = Finished();
        int finished = levels.Count;
        if (finished == _options.Levels)
        {
            return levels;
        }

        int passes = (_options.Epochs + _options.Refine + 1) * _batches;
        _run.Report(string.Create(
            CultureInfo.InvariantCulture,
            $"{_rows:N0} rows in {_batches:N0} {(_batches == 1 ? "batch" : "batches")}: {passes:N0} batch passes per level, "
                + $"{passes * (_options.Levels - finished):N0} remaining"));
        IMaterializedRelation rows = _engine.Materialize(
            _engine.Map(items.Relation, VectorRowsKernel.Call(_id, _run.Options.Seed, _batches), PartitionShape.Any),
            new ScratchLayout("batch"));
        try
        {
            for (int level = 0; level < _options.Levels; level++)
            {
                if (level >= finished)
                {
                    levels.Add(Train(rows, level));
                    _finished.Save(level, new FinishedLevel(Dims, _median, levels[level]));
                }

                if (level < _options.Levels - 1)
                {
                    IMaterializedRelation next = Residuals(rows, levels[level]);
                    rows.Dispose();
                    rows = next;
                }
            }

            return levels;
        }
        finally
        {
            rows.Dispose();
        }
    }

    private List<TrainedLevel> Finished()
    {
        var levels = new List<TrainedLevel>();
        foreach (FinishedLevel level in _finished.Load(_options.Levels))
        {
            (Dims, _median) = (level.Dims, level.Median);
            levels.Add(level.Trained);
        }

        if (levels.Count > 0)
        {
            _run.Report(
                $"{levels.Count} of {_options.Levels} levels were finished by an interrupted run; continuing from there");
        }

        return levels;
    }

    private IMaterializedRelation Residuals(IMaterializedRelation rows, TrainedLevel level) => _engine.Materialize(
        _engine.Map(
            rows,
            ResidualKernel.Call(_id),
            PartitionShape.Any,
            (KMeansSumsKernel.CentroidsSide, EnginePasses.Centroids(_engine, level.Centroids, Dims))),
        new ScratchLayout("batch", IsByPart: true));

    private TrainedLevel Train(IMaterializedRelation rows, int level)
    {
        VectorStats stats = TrainingChecks.RequireSound(VectorStats.Read(_engine.Collect(
            _engine.Map(rows, VectorStatsKernel.Call(_id), PartitionShape.Any))));
        Dims = stats.Dims;
        float[] initial = Initial(rows, level, stats);
        var scales = new LevelScales(_rows, Dims, stats.MaxAbs);
        int total = (_options.Epochs + _options.Refine + 1) * _batches;
        int done = 0;
        var passes = new EnginePasses(_engine, rows, _id, scales, _batches, () =>
        {
            _run.Cancellation.ThrowIfCancellationRequested();
            done++;
            _run.Observer.Progressed(
                _run.Step, $"level {level + 1} of {_options.Levels}", done, Math.Max(done, total), "batches");
        });
        return new LevelTrainer(passes, scales, initial).Train(_options.Epochs, _options.Refine);
    }

    private float[] Initial(IMaterializedRelation rows, int level, VectorStats stats)
    {
        int codes = _options.CodesOf(level);
        InitMode mode = _options.InitOf(level);
        IReadOnlyList<SampleRow> sample = [];
        if (level == 0 || mode == InitMode.KMeansPlusPlus)
        {
            using IMaterializedRelation kept = _engine.Materialize(First(rows, _options.InitSampleOf(level)));
            if (level == 0)
            {
                _median = TrainingChecks.LowerMedian(VectorStats
                    .Read(_engine.Collect(_engine.Map(kept, VectorStatsKernel.Call(_id, norms: true), PartitionShape.Any)))
                    .SelectMany(s => s.Norms));
            }

            sample = mode == InitMode.KMeansPlusPlus ? SampleRow.Read(_engine.Collect(kept)) : [];
        }

        TrainingChecks.RequireNorm(stats, _median, level);
        float[] initial = InitialCentroids.Choose(
            mode,
            codes,
            InitialCentroids.Generator(_run.Options.Seed, level),
            sample,
            wanted => SampleRow.Read(_engine.Collect(First(rows, wanted))),
            _run.Options.Threads ?? MachineResources.Cores,
            _run.Cancellation);
        int distinct = initial.Length / Dims;
        if (level == 0)
        {
            TrainingChecks.RequireDistinct(codes, distinct, _rows);
        }
        else if (distinct < codes)
        {
            _run.Report(
                $"level {level}: only {distinct} distinct residuals for {codes} codes; {codes - distinct} codes remain unused");
        }

        return initial;
    }

    private IRelation First(IMaterializedRelation rows, int wanted) => _engine.Sql(
        SqlScript.Load(typeof(CodebookTraining), "init_rows.sql").With("wanted", wanted),
        ("first_rows", _engine.Map(rows, FirstRowsKernel.Call(_id, wanted), PartitionShape.Any)));
}
