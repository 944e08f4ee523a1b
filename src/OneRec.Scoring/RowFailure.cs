using OneRec.Core;

namespace OneRec.Scoring;

/// <summary>An error at one row of several; whoever knows the rows' ids names the item.</summary>
/// <param name="row">The row's place among those given.</param>
/// <param name="cause">What is wrong.</param>
internal sealed class RowFailure(int row, OneRecException cause) : Exception(cause.Message, cause)
{
    /// <summary>The row's place.</summary>
    public int Row { get; } = row;

    /// <summary>What is wrong.</summary>
    public OneRecException Cause { get; } = cause;
}
