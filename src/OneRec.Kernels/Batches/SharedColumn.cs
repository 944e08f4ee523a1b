using Apache.Arrow;

namespace OneRec.Kernels.Batches;

/// <summary>Passes a column on without copying it.</summary>
public static class SharedColumn
{
    /// <summary>A second handle on a column's buffers; both must be disposed before the memory goes.</summary>
    public static IArrowArray Of(IArrowArray column) => ArrowArrayFactory.BuildArray(column.Data.Retain());
}
