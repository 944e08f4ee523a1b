using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Training;

/// <summary>A row that its nearest centroid serves badly.</summary>
/// <param name="Error">Its distance.</param>
/// <param name="Id">Its item.</param>
/// <param name="Vector">[d].</param>
public sealed record WorstRow(double Error, ItemId Id, float[] Vector)
{
    /// <summary>Worst first: error descending, id ascending.</summary>
    public static IComparer<WorstRow> WorstFirst { get; } = Comparer<WorstRow>.Create((a, b) =>
    {
        int byError = b.Error.CompareTo(a.Error);
        return byError != 0 ? byError : a.Id.CompareTo(b.Id);
    });
}
