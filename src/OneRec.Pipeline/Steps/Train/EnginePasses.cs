using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Kernels.Clustering.Training;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>Batch passes over training rows stored by an engine: each pass reads only its own batch.</summary>
/// <param name="engine">The engine.</param>
/// <param name="rows">Training rows, stored by batch.</param>
/// <param name="idType">The type of <c>item_id</c>.</param>
/// <param name="scales">The level's scales.</param>
/// <param name="batches">Number of batches.</param>
/// <param name="passed">Called after each batch pass.</param>
internal sealed class EnginePasses(
    IQueryEngine engine,
    IMaterializedRelation rows,
    IArrowType idType,
    LevelScales scales,
    int batches,
    Action passed) : IBatchPasses
{
    /// <inheritdoc/>
    public int Batches => batches;

    /// <inheritdoc/>
    public PassSums Pass(int batch, float[] centroids, int worst, bool countOnly)
    {
        int codes = centroids.Length / scales.Dims;
        var pass = new PassParameters(scales, worst, countOnly);
        IRelation parts = engine.Map(
            rows.Part(batch),
            KMeansSumsKernel.Call(idType, pass),
            PartitionShape.Any,
            (KMeansSumsKernel.CentroidsSide, Centroids(engine, centroids, scales.Dims)));

        // The sums of one partition are as large as the codebook, so they are merged by code on the engine, not here.
        IRelation merged = engine.Map(parts, MergeSumsKernel.Call(idType, pass, codes), PartitionShape.Together("code"));
        PassSums sums = pass.Sums(codes);
        PassRows.Read(engine.Collect(merged), sums);
        passed();
        return sums;
    }

    /// <summary>Centroids as a side input: <c>code</c>, <c>centroid</c>.</summary>
    public static IRelation Centroids(IQueryEngine engine, float[] centroids, int dims)
    {
        const int batchBytes = 16 << 20;
        var schema = new Schema(
            [
                new Field("code", Int32Type.Default, nullable: false),
                new Field("centroid", ListColumns.TypeOf(FloatType.Default), nullable: false),
            ],
            null);
        var batches = new List<RecordBatch>();
        int k = centroids.Length / dims;
        int step = Math.Max(1, batchBytes / (dims * sizeof(float)));
        for (int first = 0; first < k; first += step)
        {
            int n = Math.Min(step, k - first);
            batches.Add(new RecordBatch(
                schema,
                [
                    new Int32Array.Builder().AppendRange(Enumerable.Range(first, n)).Build(),
                    ListColumns.Floats(centroids[(first * dims)..((first + n) * dims)], n),
                ],
                n));
        }

        return engine.FromRows(schema, batches);
    }
}
