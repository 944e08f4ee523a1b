using OneRec.Alignment.Training;

namespace OneRec.Alignment.Steps;

/// <summary>A point of the curves of a training: means since the last point.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Contrastive">The contrastive loss.</param>
/// <param name="Caption">The caption loss a token; null without captions.</param>
/// <param name="Hits">Share of validation partners found among 100 items; null without validation.</param>
/// <param name="Unseen">Perplexity of captions that training does not see; null without captions.</param>
internal sealed record CurvePoint(int Step, double Contrastive, double? Caption, double? Hits, CaptionPerplexity? Unseen);

/// <summary>The best state of a training.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Hits">Its validation.</param>
/// <param name="Weights">The encoder's weights.</param>
internal sealed record BestState(int Step, double Hits, IReadOnlyList<float[]> Weights);
