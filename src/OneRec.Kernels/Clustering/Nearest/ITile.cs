namespace OneRec.Kernels.Clustering.Nearest;

/// <summary>
/// A register tile: scores of <see cref="Rows"/> rows against <see cref="Codes"/> codes over the full depth, all in named
/// accumulators, folded at once into each row's running best. The n x k matrix of scores never exists.
/// </summary>
/// <remarks>
/// A row's running state is three vectors of <see cref="Lanes"/>: the best score of each lane, its code, and the lane's
/// second-best score. Code j is only ever seen by lane j mod Lanes. Static members, so that the loop around a tile is
/// compiled for it.
/// </remarks>
internal unsafe interface ITile
{
    /// <summary>Rows of a tile; a multiple of 4.</summary>
    static abstract int Rows { get; }

    /// <summary>Lanes of a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Codes of a panel: two vectors.</summary>
    static abstract int Codes { get; }

    /// <summary>Folds the scores of one tile of rows against one panel of codes into the rows' state.</summary>
    /// <param name="rows">[dims, Rows]: the tile packed by dimension.</param>
    /// <param name="panel">[1 + dims, Codes]: the scores' start, then the centroids packed by dimension.</param>
    /// <param name="dims">The depth.</param>
    /// <param name="state">[Rows, 3, Lanes]: best (float), code (int), second (float).</param>
    /// <param name="firstCode">The panel's first code.</param>
    static abstract void Fold(float* rows, float* panel, int dims, float* state, int firstCode);

    /// <summary>Sets a row's state to nothing seen.</summary>
    static abstract void Clear(float* state);

    /// <summary>Reads a row's state.</summary>
    /// <param name="state">[3, Lanes].</param>
    /// <param name="slack">Scores that differ by more are surely in the right order.</param>
    /// <param name="threshold">Out: the least score that could still be the nearest's.</param>
    /// <returns>The code where only one can be the nearest; else -1.</returns>
    static abstract int Decide(float* state, float slack, out float threshold);
}
