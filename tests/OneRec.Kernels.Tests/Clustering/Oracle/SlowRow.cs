namespace OneRec.Kernels.Tests.Clustering.Oracle;

/// <summary>An item of the oracle: id as text and, where it is a BIGINT, as a number.</summary>
public sealed record SlowRow(string Id, long? Number, float[] Vector);
