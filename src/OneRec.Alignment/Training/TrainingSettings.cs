namespace OneRec.Alignment.Training;

/// <summary>How an encoder is trained.</summary>
internal sealed record TrainingSettings
{
    /// <summary>Seed of order, random zeros and initial values.</summary>
    public required long Seed { get; init; }

    /// <summary>Passes over the pairs, at least 1.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>Pairs a step.</summary>
    public int Batch { get; init; } = 512;

    /// <summary>Temperature tau of the contrastive loss, or its start.</summary>
    public double Temperature { get; init; } = 0.05;

    /// <summary>The least temperature where it is learned; null: it is not.</summary>
    public double? LearnedDownTo { get; init; }

    /// <summary>Factor of the correction for popular items.</summary>
    public double LogQ { get; init; } = 1;

    /// <summary>Whether both items of a pair have to find each other.</summary>
    public bool Symmetric { get; init; } = true;

    /// <summary>Factor of the caption loss.</summary>
    public double Lambda { get; init; } = 0.3;

    /// <summary>Captions a step.</summary>
    public int Captions { get; init; } = 64;

    /// <summary>Share of values that are left out in the decoder.</summary>
    public double CaptionDropout { get; init; } = 0.1;

    /// <summary>The highest learning rate.</summary>
    public double LearningRate { get; init; } = 2e-3;

    /// <summary>Share of steps in which the rate rises from 0.</summary>
    public double WarmUp { get; init; } = 0.05;

    /// <summary>The last rate over the highest.</summary>
    public double LastRate { get; init; } = 0.05;

    /// <summary>Weight decay of matrices.</summary>
    public double WeightDecay { get; init; } = 0.01;

    /// <summary>The greatest norm of a step's gradient.</summary>
    public double Clip { get; init; } = 1;

    /// <summary>Share of values that are left out between layers.</summary>
    public double Dropout { get; init; } = 0.1;

    /// <summary>Share of token vectors that are left out.</summary>
    public double TokenDropout { get; init; }

    /// <summary>Whether a chunk is encoded a second time for its gradient, so that only one chunk a thread is held.</summary>
    public bool Recompute { get; init; }

    /// <summary>Threads; results do not depend on them.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>The learning rate of a step: linear warm-up, then half a cosine.</summary>
    /// <param name="step">From 0.</param>
    /// <param name="steps">Number of steps, at least 1.</param>
    public double Rate(int step, int steps)
    {
        int warm = (int)Math.Ceiling(WarmUp * steps);
        if (step < warm)
        {
            return LearningRate * (step + 1) / warm;
        }

        double done = (step - warm) / (double)Math.Max(1, steps - warm);
        return LearningRate * (LastRate + ((1 - LastRate) * (1 + Math.Cos(Math.PI * done)) / 2));
    }
}
