using System.Globalization;
using OneRec.Alignment.Native;
using OneRec.Alignment.Networks;
using OneRec.Alignment.Tokens;
using OneRec.Core;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace OneRec.Alignment.Training;

/// <summary>Trains an encoder on pairs, step by step, from the start or from a saved state.</summary>
internal sealed class AlignmentTraining : IDisposable
{
    private readonly ItemEncoder _encoder;
    private readonly CaptionTask? _captions;
    private readonly PairSet _pairs;
    private readonly TrainingSettings _settings;
    private readonly TrainingStep _step;
    private readonly ParameterSet _temperature;
    private readonly Parameter _logScale;
    private readonly Optimizer _optimizer;
    private int[] _order = [];
    private int _orderOf = -1;

    /// <summary>Prepares a training.</summary>
    /// <param name="encoder">The encoder; trained in place.</param>
    /// <param name="captions">The caption loss; null without.</param>
    /// <param name="tokens">Token vectors of the items.</param>
    /// <param name="pairs">The pairs, at least 1.</param>
    /// <param name="settings">The settings.</param>
    public AlignmentTraining(ItemEncoder encoder, CaptionTask? captions, TokenStore tokens, PairSet pairs, TrainingSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pairs.Count, 1);
        (_encoder, _captions, _pairs, _settings) = (encoder, captions, pairs, settings);
        _step = new TrainingStep(encoder, captions, tokens, settings);
        _temperature = new ParameterSet(0);
        using Tensor start = Scalars.Changing(-Math.Log(settings.Temperature));
        _logScale = _temperature.Add("log_scale", start);
        StepsPerEpoch = (pairs.Count + settings.Batch - 1) / settings.Batch;
        _optimizer = new Optimizer([.. Weights.SelectMany(w => w.All.Select(p => p.Value))], settings.WeightDecay, settings.Clip);
    }

    /// <summary>Steps in a pass over all pairs.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Number of steps.</summary>
    public int Steps => StepsPerEpoch * _settings.Epochs;

    /// <summary>Steps done.</summary>
    public int Done { get; private set; }

    private IReadOnlyList<ParameterSet> Weights =>
        _captions is null ? [_encoder.Parameters, _temperature] : [_encoder.Parameters, _captions.Decoder.Parameters, _temperature];

    /// <summary>Makes one step.</summary>
    /// <returns>Its losses.</returns>
    /// <exception cref="OneRecException">Engine error <c>align.not-finite</c>: the loss or its gradient is not finite; nothing has changed.</exception>
    public StepLosses Step()
    {
        (int epoch, int place) = (Done / StepsPerEpoch, Done % StepsPerEpoch);
        if (_orderOf != epoch)
        {
            (_order, _orderOf) = (_pairs.Order(_settings.Seed, epoch), epoch);
        }

        int start = place * _settings.Batch;
        int count = Math.Min(_settings.Batch, _order.Length - start);
        StepGradient gradient = _step.Run(_pairs.Batch(_order.AsSpan(start, count)), _logScale, Done);
        try
        {
            double total = gradient.Contrastive + (_settings.Lambda * (gradient.Caption ?? 0));
            Tensor?[] used = [.. gradient.Gradients.SkipLast(1), _settings.LearnedDownTo is null ? null : gradient.Gradients[^1]];
            double norm = double.IsFinite(total) ? _optimizer.Apply(used, _settings.Rate(Done, Steps), Done) : double.NaN;
            if (!double.IsFinite(norm))
            {
                throw OneRecException.Engine(
                    "align.not-finite",
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"the loss of step {Done + 1} of {Steps} is not finite (contrastive {gradient.Contrastive:G4}, captions {gradient.Caption:G4}); lower align.learningRate, or raise align.temperature"));
            }

            HoldTemperature();
            Done++;
            return new StepLosses(gradient.Contrastive, gradient.Caption, norm, count, gradient.CaptionTokens, gradient.TokenVectors);
        }
        finally
        {
            foreach (Tensor? part in gradient.Gradients)
            {
                part?.Dispose();
            }
        }
    }

    /// <summary>Everything that the next step depends on.</summary>
    public TrainingState Save() => new(Done, [.. Weights.Select(w => w.Snapshot())], _optimizer.Save());

    /// <summary>Continues from a saved state.</summary>
    public void Load(TrainingState state)
    {
        for (int i = 0; i < Weights.Count; i++)
        {
            Weights[i].Restore(state.Weights[i]);
        }

        _optimizer.Load(state.Moments);
        Done = state.Done;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _temperature.Dispose();
    }

    private void HoldTemperature()
    {
        if (_settings.LearnedDownTo is { } least)
        {
            using IDisposable plain = no_grad();
            _logScale.clamp_max_(Scalars.Of(-Math.Log(least)));
        }
    }
}

/// <summary>The losses of a step.</summary>
/// <param name="Contrastive">The contrastive loss.</param>
/// <param name="Caption">The caption loss a token; null without captions.</param>
/// <param name="GradientNorm">The norm of the gradient before clipping.</param>
/// <param name="Pairs">Number of pairs.</param>
/// <param name="CaptionTokens">Number of tokens predicted.</param>
/// <param name="TokenVectors">Number of token vectors encoded.</param>
internal readonly record struct StepLosses(double Contrastive, double? Caption, double GradientNorm, int Pairs, int CaptionTokens, long TokenVectors);

/// <summary>The state of a training between two steps.</summary>
/// <param name="Done">Steps done.</param>
/// <param name="Weights">The weights of encoder, decoder and temperature.</param>
/// <param name="Moments">The optimizer's two moments of each weight.</param>
internal sealed record TrainingState(int Done, IReadOnlyList<IReadOnlyList<float[]>> Weights, IReadOnlyList<float[]> Moments);
