namespace OneRec.Scoring.Embedding;

/// <summary>A text column of the input.</summary>
/// <param name="Name">The column.</param>
/// <param name="Budget">Most tokens of it; null: as many as the model takes.</param>
public sealed record TextField(string Name, int? Budget = null);
