using OneRec.Core;

namespace OneRec.Scoring.Vectors;

/// <summary>An error in one of several rows; the caller, which knows the ids, names the item.</summary>
/// <param name="row">Index of the row.</param>
/// <param name="cause">The error.</param>
internal sealed class RowFailure(int row, OneRecException cause) : Exception(cause.Message, cause)
{
    /// <summary>Index of the row.</summary>
    public int Row { get; } = row;

    /// <summary>The error.</summary>
    public OneRecException Cause { get; } = cause;

    /// <summary>Makes a call for some of the rows; a failure then counts from the first of all rows.</summary>
    /// <param name="rows">The rows of the call.</param>
    /// <param name="call">The call.</param>
    public static void Renumber(IReadOnlyList<int> rows, Action call)
    {
        try
        {
            call();
        }
        catch (RowFailure failure)
        {
            throw new RowFailure(rows[failure.Row], failure.Cause);
        }
    }
}

/// <summary>Returns the memory for a row's vector.</summary>
/// <param name="row">Index of the row.</param>
/// <returns>Memory for its vector.</returns>
public delegate Span<float> RowVector(int row);

/// <summary>Returns the memory for a row's vectors.</summary>
/// <param name="row">Index of the row.</param>
/// <param name="count">Number of its vectors.</param>
/// <returns>Memory for them, [count, d].</returns>
public delegate Span<float> RowVectors(int row, int count);
