namespace OneRec.Scoring;

/// <summary>Where a row's vector goes.</summary>
/// <param name="row">The row's place among those given.</param>
/// <returns>Space for it.</returns>
public delegate Span<float> RowVector(int row);
