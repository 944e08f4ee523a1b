using System.Diagnostics;
using System.Globalization;
using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using OneRec.Alignment.Training;
using OneRec.Pipeline.Running;

namespace OneRec.Alignment.Steps;

/// <summary>
/// Runs a training to its end, or until validation no longer improves; saves it as it goes, and leaves the best state in the encoder.
/// </summary>
internal sealed class TrainingLoop
{
    private const string Checkpoint = "training";
    private const int FewestSteps = 25;
    private const int MostSteps = 500;

    private readonly StepRun _run;
    private readonly AlignmentTraining _training;
    private readonly ItemEncoder _encoder;
    private readonly Validation? _validation;
    private readonly UnseenCaptions? _captions;
    private readonly AlignOptions _options;
    private readonly List<CurvePoint> _points = [];
    private readonly int _every;
    private BestState? _best;

    /// <summary>Sets up a loop.</summary>
    /// <param name="run">The run.</param>
    /// <param name="training">The training, not begun.</param>
    /// <param name="encoder">Its encoder.</param>
    /// <param name="validation">Judges states; null: the last one is kept.</param>
    /// <param name="captions">Tells how well captions are predicted; null without captions.</param>
    public TrainingLoop(StepRun run, AlignmentTraining training, ItemEncoder encoder, Validation? validation, UnseenCaptions? captions)
    {
        (_run, _training, _encoder, _validation, _captions) = (run, training, encoder, validation, captions);
        _options = run.Options.Section<AlignOptions>();
        _every = Math.Clamp(training.StepsPerEpoch / 2, FewestSteps, MostSteps);
    }

    /// <summary>The curves.</summary>
    public IReadOnlyList<CurvePoint> Points => _points;

    /// <summary>The best state; null without validation.</summary>
    public BestState? Best => _best;

    /// <summary>The point of the state that is kept.</summary>
    public CurvePoint? Kept => _best is null ? _points.LastOrDefault() : _points.First(p => p.Step == _best.Step);

    /// <summary>Pairs and token vectors of the steps of this process, and how long the steps took.</summary>
    public (long Pairs, long TokenVectors, double Seconds) Speed { get; private set; }

    /// <summary>Trains.</summary>
    /// <exception cref="Core.OneRecException">A loss is not finite; the last checkpoint is kept.</exception>
    public void Run()
    {
        Resume();
        var meter = new Meter();
        while (_training.Done < _training.Steps && !IsOver())
        {
            _run.Cancellation.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            StepLosses losses = _training.Step();
            meter.Add(losses);
            Speed = (Speed.Pairs + losses.Pairs, Speed.TokenVectors + losses.TokenVectors, Speed.Seconds + Stopwatch.GetElapsedTime(start).TotalSeconds);
            _run.Observer.Progressed(_run.Step, "", _training.Done, _training.Steps, "steps");
            if (_training.Done % _every == 0 || _training.Done == _training.Steps)
            {
                Judge(meter);
                meter = new Meter();

                // Saved at a point of the curves, so that an interrupted training has the same ones.
                _run.Checkpoints.Save(_run.Step, Checkpoint, new SavedTraining(_training.Save(), _points, _best).Write(_run.Fingerprint));
            }
        }

        if (_best is not null)
        {
            _encoder.Parameters.Restore(_best.Weights);
        }
    }

    /// <summary>Removes the checkpoint, once the model is written.</summary>
    public void Clear() => _run.Checkpoints.Clear(_run.Step);

    private void Resume()
    {
        if (_run.Checkpoints.Load(_run.Step, Checkpoint) is not { } bytes)
        {
            return;
        }

        if (!SealedBytes.IsIntact(bytes))
        {
            _run.Report("the saved state of an interrupted training is damaged; training from the start");
            return;
        }

        if (SavedTraining.Read(bytes, _run.Fingerprint) is not { } saved)
        {
            _run.Report("the saved state of an interrupted training is from other inputs or options; ignoring it");
            return;
        }

        _training.Load(saved.State);
        _points.AddRange(saved.Points);
        _best = saved.Best;
        _run.Report(Invariant($"{saved.State.Done:N0} of {_training.Steps:N0} steps were done by an interrupted run; continuing from there"));
    }

    private bool IsOver() => _best is not null && _points.Count(p => p.Step > _best.Step) >= _options.Patience;

    private void Judge(Meter meter)
    {
        TorchRuntime.Trim();
        double? hits = _validation?.Measure(_validation.Embed(_encoder)).F100;
        if (hits is { } found && (_best is null || found > _best.Hits))
        {
            _best = new BestState(_training.Done, found, _encoder.Parameters.Snapshot());
        }

        var point = new CurvePoint(_training.Done, meter.Contrastive, meter.Caption, hits, _captions?.Measure());
        _points.Add(point);
        _run.Report(Invariant($"step {point.Step:N0} of {_training.Steps:N0}: contrastive loss {point.Contrastive:F3}")
            + (point.Caption is { } caption ? Invariant($", caption loss {caption:F3} a token") : "")
            + (hits is { } share ? Invariant($", validation partners found {100 * share:F1}%") : "")
            + (point.Unseen is { } unseen ? Invariant($", unseen captions' perplexity {unseen.Own:F1} (with another item's queries {unseen.Other:F1})") : ""));
        if (IsOver())
        {
            _run.Report(Invariant($"no better state in {_options.Patience} validations; stopping, with the state of step {_best!.Step:N0}"));
        }
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class Meter
    {
        private double _contrastive;
        private double _caption;
        private int _steps;
        private int _captioned;

        public double Contrastive => _contrastive / _steps;

        public double? Caption => _captioned == 0 ? null : _caption / _captioned;

        public void Add(StepLosses losses)
        {
            _contrastive += losses.Contrastive;
            _steps++;
            if (losses.Caption is { } caption)
            {
                _caption += caption;
                _captioned++;
            }
        }
    }
}
