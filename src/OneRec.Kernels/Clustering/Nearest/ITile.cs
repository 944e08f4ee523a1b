namespace OneRec.Kernels.Clustering.Nearest;

/// <summary>
/// A register tile: computes the scores of <see cref="Rows"/> rows against <see cref="Codes"/> codes over all dimensions in
/// named accumulators, and folds them at once into each row's running best. The n x k score matrix never exists.
/// </summary>
/// <remarks>
/// A row's running state is three vectors of <see cref="Lanes"/>: the best score of each lane, its code, and the lane's
/// second-best score. Lane j mod Lanes is the only one that sees code j. The members are static so that the loop around
/// a tile is compiled for each tile type.
/// </remarks>
internal unsafe interface ITile
{
    /// <summary>Rows per tile; a multiple of 4.</summary>
    static abstract int Rows { get; }

    /// <summary>Lanes per vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Codes per panel: two vectors.</summary>
    static abstract int Codes { get; }

    /// <summary>Folds the scores of one tile of rows against one panel of codes into the rows' states.</summary>
    /// <param name="rows">[dims, Rows]: the tile packed by dimension.</param>
    /// <param name="panel">[1 + dims, Codes]: the initial scores, then the centroids packed by dimension.</param>
    /// <param name="dims">The number of dimensions.</param>
    /// <param name="state">[Rows, 3, Lanes]: best (float), code (int), second (float).</param>
    /// <param name="firstCode">The panel's first code.</param>
    static abstract void Fold(float* rows, float* panel, int dims, float* state, int firstCode);

    /// <summary>Resets a row's state.</summary>
    static abstract void Clear(float* state);

    /// <summary>Reads the result from a row's state.</summary>
    /// <param name="state">[3, Lanes].</param>
    /// <param name="slack">Scores that differ by more are proven to be in the right order.</param>
    /// <param name="threshold">Out: the lowest score that could still belong to the nearest centroid.</param>
    /// <returns>The code if only one can be the nearest; otherwise -1.</returns>
    static abstract int Decide(float* state, float slack, out float threshold);
}
