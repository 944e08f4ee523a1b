using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Batches;
using OneRec.Kernels.Clustering.Rows;
using OneRec.Kernels.Clustering.Training;
using OneRec.Kernels.Tests.Clustering.Oracle;

namespace OneRec.Kernels.Tests.Clustering;

/// <summary>Trains by the batch kernels alone, rows cut into partitions and batches in any way.</summary>
internal sealed class TrainingHarness(IReadOnlyList<SlowRow> items, int partitions, int batchRows, int threads)
{
    private readonly KernelRegistry _registry = OneRecKernels.Register(new KernelRegistry());
    private readonly IArrowType _id = items[0].Number is null ? StringType.Default : Int64Type.Default;

    public List<float[]> Centroids { get; } = [];

    public List<long[]> Items { get; } = [];

    public List<List<double>> Objectives { get; } = [];

    public void Run(long seed, int[] codes, int batches, int epochs, int refine, InitMode init, int? initSample = null)
    {
        List<RecordBatch>[] rows = Cut(Map(VectorRowsKernel.Call(_id, seed, batches), Embeddings(), null));
        for (int level = 0; level < codes.Length; level++)
        {
            VectorStats stats = Assert.Single(VectorStats.Read(rows.SelectMany(p => Map(VectorStatsKernel.Call(_id), p, null))));
            var scales = new LevelScales(stats.Rows, stats.Dims, stats.MaxAbs);
            List<RecordBatch>[] now = rows;
            List<SampleRow> First(int wanted) =>
                [.. SampleRow.Read(now.SelectMany(p => Map(FirstRowsKernel.Call(_id, wanted), p, null))).Take(wanted)];
            float[] initial = InitialCentroids.Choose(
                init,
                codes[level],
                InitialCentroids.Generator(seed, level),
                [.. First(initSample ?? (16 * codes[level])).AsEnumerable().Reverse()],
                First,
                threads);
            var passes = new Passes(this, rows, scales, batches);
            TrainedLevel trained = new LevelTrainer(passes, scales, initial).Train(epochs, refine);
            Centroids.Add(trained.Centroids);
            Items.Add(trained.Items);
            Objectives.Add([.. trained.Iterations.Select(i => i.Objective)]);
            rows = Cut(rows.SelectMany(p => Map(ResidualKernel.Call(_id), p, CentroidRows(trained.Centroids, scales.Dims))));
        }
    }

    public IEnumerable<RecordBatch> Map(KernelCall call, IEnumerable<RecordBatch> rows, RecordBatch? centroids)
    {
        // Parameters travel as text, as to an executor.
        var travelled = call with { Parameters = JsonNode.Parse(call.Parameters.ToJsonString())!.AsObject() };
        var context = new KernelContext
        {
            Threads = threads,
            Sides = new Dictionary<string, Func<IEnumerable<RecordBatch>>>
            {
                ["centroids"] = () => [Copy(centroids!)],
                ["codebook"] = () => [Copy(centroids!)],
            },
        };
        foreach (RecordBatch batch in _registry.Create(travelled).Run(rows, context))
        {
            Assert.Equal(call.Output.FieldsList.Select(f => f.Name), batch.Schema.FieldsList.Select(f => f.Name));
            yield return batch;
        }
    }

    public IEnumerable<RecordBatch> Embeddings()
    {
        foreach (SlowRow[] some in items.Chunk(batchRows))
        {
            var schema = new Schema(
                [
                    new Field("item_id", _id, false),
                    new Field("embedding", ListColumns.TypeOf(FloatType.Default), false),
                ],
                null);
            var offsets = new int[some.Length + 1];
            for (int i = 0; i < some.Length; i++)
            {
                offsets[i + 1] = offsets[i] + some[i].Vector.Length;
            }

            yield return new RecordBatch(
                schema,
                [
                    IdColumn.Build(_id, some.Select(i => (ItemId?)(i.Number is { } number ? ItemId.Of(number) : ItemId.Of(i.Id)))),
                    ListColumns.Floats([.. some.SelectMany(i => i.Vector)], offsets),
                ],
                some.Length);
        }
    }

    public static RecordBatch CentroidRows(float[] centroids, int dims, int level = 0)
    {
        int k = centroids.Length / dims;
        var schema = new Schema(
            [
                new Field("level", Int32Type.Default, false),
                new Field("code", Int32Type.Default, false),
                new Field("centroid", ListColumns.TypeOf(FloatType.Default), false),
            ],
            null);
        return new RecordBatch(
            schema,
            [
                new Int32Array.Builder().AppendRange(Enumerable.Repeat(level, k)).Build(),
                new Int32Array.Builder().AppendRange(Enumerable.Range(0, k)).Build(),
                ListColumns.Floats(centroids, k),
            ],
            k);
    }

    private static RecordBatch Copy(RecordBatch batch) => batch.SliceShared(0, batch.Length);

    // Deals batches to partitions; slices them first, so that offsets do not start at 0.
    private List<RecordBatch>[] Cut(IEnumerable<RecordBatch> batches)
    {
        List<RecordBatch>[] parts = [.. Enumerable.Range(0, partitions).Select(_ => new List<RecordBatch>())];
        int next = 0;
        foreach (RecordBatch batch in batches)
        {
            int half = batch.Length / 2;
            foreach ((int start, int length) in new[] { (0, half), (half, batch.Length - half) })
            {
                if (length > 0)
                {
                    parts[next++ % partitions].Add(batch.SliceShared(start, length));
                }
            }
        }

        return parts;
    }

    private sealed class Passes(TrainingHarness harness, List<RecordBatch>[] rows, LevelScales scales, int batches) : IBatchPasses
    {
        public int Batches => batches;

        public PassSums Pass(int batch, float[] centroids, int worst, bool countOnly)
        {
            int codes = centroids.Length / scales.Dims;
            var pass = new PassParameters(scales, worst, countOnly);
            RecordBatch[] parts =
            [
                .. rows.SelectMany(partition => harness.Map(
                    KMeansSumsKernel.Call(harness._id, pass),
                    partition.SelectMany(b => Where(b, 1, value => value == batch)),
                    CentroidRows(centroids, scales.Dims))),
            ];

            // A code's parts come together, as by a shuffle.
            PassSums sums = pass.Sums(codes);
            for (int place = 0; place < rows.Length; place++)
            {
                PassRows.Read(
                    harness.Map(
                        MergeSumsKernel.Call(harness._id, pass, codes),
                        parts.SelectMany(b => Where(b, 1, code => code % rows.Length == place)),
                        null),
                    sums);
            }

            return sums;
        }

        private static IEnumerable<RecordBatch> Where(RecordBatch rows, int column, Func<int, bool> keep)
        {
            var values = (Int32Array)rows.Column(column);
            for (int row = 0; row < rows.Length; row++)
            {
                if (keep(values.Values[row]))
                {
                    yield return rows.SliceShared(row, 1);
                }
            }
        }
    }
}
