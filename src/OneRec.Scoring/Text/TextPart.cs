namespace OneRec.Scoring.Text;

/// <summary>One field's text and the most tokens it may take.</summary>
/// <param name="Text">The text.</param>
/// <param name="Budget">Most tokens; null: as many as the model takes.</param>
public readonly record struct TextPart(string Text, int? Budget = null);
