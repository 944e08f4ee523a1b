namespace OneRec.Scoring.Embedding;

/// <summary>What came of one row beside its vector.</summary>
/// <param name="BlocksMissing">Blocks that it has nothing for, a bit each: bit 0 is the first block.</param>
/// <param name="Problem">Why it has no embedding; null where it has.</param>
internal readonly record struct EmbedRow(int BlocksMissing, string? Problem);
