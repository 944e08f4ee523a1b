namespace OneRec.Delta;

/// <summary>Bounds of a column in one file.</summary>
/// <remarks>
/// Values are <see cref="long"/> for whole numbers, <see cref="double"/> for float and double, <see cref="string"/>,
/// <see cref="DateOnly"/>, <see cref="DateTimeOffset"/>, <see cref="decimal"/> or <see cref="bool"/>.
/// </remarks>
/// <param name="Min">No value that is neither null nor NaN is below it; for text it may be a prefix. Null: not told.</param>
/// <param name="Max">No value that is neither null nor NaN is above it; text may be cut and raised. Null: not told.</param>
/// <param name="NullCount">Null values; null where it is not told.</param>
public sealed record ColumnStatistics(object? Min, object? Max, long? NullCount);
